/**
 * Writes a shortcut as this computer does: `⌘K` on a Mac, `Ctrl+K` elsewhere. Empty until the page is alive: the
 * server cannot know whose computer it is.
 */
export function useShortcut(): (key: string) => string {
  const { macOS, getKbdKey } = useKbd()
  const { t } = useI18n()

  return (key) => {
    const isKnown = getKbdKey('meta')?.trim()
    if (!isKnown) return ''
    return macOS.value ? `⌘${key}` : `${t('keys.control')}+${key}`
  }
}
