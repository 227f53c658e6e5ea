/**
 * The locale for dates: the interface's language in the reader's own region, so that somebody in Britain who
 * reads English sees "24 Dec" and not "Dec 24". Only known in the browser; on the server the language alone.
 */
export function useRegion() {
  const { locale } = useI18n()
  return computed(() => {
    const preferred = import.meta.client ? navigator.languages : []
    return preferred.find((language) => language.split('-')[0] === locale.value) ?? locale.value
  })
}
