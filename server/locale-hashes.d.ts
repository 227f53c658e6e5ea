/** By locale; put in by Nuxt I18n when building. */
declare const __I18N_LOCALE_HASHES__: Record<string, string>
