import de from '../../i18n/locales/de.json' with { type: 'json' }
import en from '../../i18n/locales/en.json' with { type: 'json' }

export type Language = 'en' | 'de'
/** What a control is called in the language of the window. */
export type Say = (key: string, values?: Record<string, string | number>) => string

const MESSAGES: Record<Language, unknown> = { de, en }

/** Scenes go by what people see, so they look names up where the page has them from. */
export function speaking(language: Language): Say {
  return (key, values = {}) => {
    let found: unknown = MESSAGES[language]
    for (const part of key.split('.'))
      found = typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined
    if (typeof found !== 'string') throw new Error(`There is no text “${key}”`)
    return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
}
