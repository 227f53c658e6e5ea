import { safeLocalPath } from '#shared/navigation/safe-local-path'

/** Where the person was going before they had to sign in: `?next=`, if it stays on this site. */
export function useNextPath() {
  const route = useRoute()
  return computed(() => safeLocalPath(route.query.next))
}
