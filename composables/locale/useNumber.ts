const formats = new Map<string, Intl.NumberFormat>()

/**
 * Writes whole numbers as readers of the language do. vue-i18n's own `n` makes a new formatter at every call, which
 * is felt where hundreds of counts are drawn anew at every tick.
 */
export function useNumber(): (value: number) => string {
  const { locale } = useI18n()
  return (value) => formatOf(locale.value).format(value)
}

function formatOf(locale: string): Intl.NumberFormat {
  const known = formats.get(locale)
  if (known) return known
  const format = new Intl.NumberFormat(locale)
  formats.set(locale, format)
  return format
}
