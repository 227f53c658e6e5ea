/** The languages the interface is written in. */
export const LOCALES = ['en', 'de'] as const
export type SupportedLocale = (typeof LOCALES)[number]

export function isSupportedLocale(value: string): value is SupportedLocale {
  return LOCALES.some((locale) => locale === value)
}
