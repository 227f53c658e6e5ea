import type { Theme } from '../support/theme.ts'
import type { Scene } from './scenes/scene.ts'
import { DESKTOP, PHONE, type Device } from './window.ts'
import type { Language } from './words.ts'

/** A window in which a scene is played once, and photographed in each of these themes. */
export interface View {
  device: Device
  language: Language
  themes: readonly { theme: Theme; name: string }[]
}

const theme = (name: string, kind: Theme) => ({ theme: kind, name })
const FIRST: View = { device: DESKTOP, language: 'en', themes: [theme('light', 'light')] }

/** Every state in the light, in the dark, on a phone and in German; the main ones in every mixture. */
export function viewsOf({ looks }: Scene): readonly View[] {
  if (looks === 'once') return [FIRST]
  const isMain = looks === 'main'
  const phone = [theme('phone', 'light'), ...(isMain ? [theme('phone-dark', 'dark')] : [])]
  return [
    { ...FIRST, themes: [...FIRST.themes, theme('dark', 'dark')] },
    { device: PHONE, language: 'en', themes: phone },
    { device: DESKTOP, language: 'de', themes: [theme('german', 'light')] },
    ...(isMain
      ? [{ device: PHONE, language: 'de', themes: [theme('german-phone', 'dark')] } satisfies View]
      : []),
  ]
}
