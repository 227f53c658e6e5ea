const YEAR_S = 365 * 24 * 60 * 60

/**
 * Whether the navigation is folded to its icons on this device. In a cookie, so that the page comes as it was left
 * instead of moving a moment later.
 */
export function useSidebar() {
  const cookie = useCookie<'folded' | null>('roundup_sidebar', {
    // Anything else that somebody may have put there means nothing, also what cannot be decoded.
    decode: (value) => (value === 'folded' ? value : null),
    default: () => null,
    maxAge: YEAR_S,
    sameSite: 'lax',
  })
  const isFolded = computed(() => cookie.value === 'folded')

  function toggle(): void {
    cookie.value = isFolded.value ? null : 'folded'
  }

  return { isFolded, toggle }
}
