import { safeLocalPath } from '#shared/navigation/safe-local-path'

/** Where a sign-in mail leads: our confirm page, which then goes on to `next`. */
export function confirmUrl(baseUrl: string, next: string | undefined): string {
  return withNext(`${baseUrl}/confirm`, next)
}

/** Where a recovery mail leads: the confirm page signs in, the reset page takes the new password. */
export function recoveryUrl(baseUrl: string): string {
  return withNext(`${baseUrl}/confirm`, '/reset-password')
}

function withNext(url: string, next: string | undefined): string {
  const path = safeLocalPath(next, '/')
  return path === '/' ? url : `${url}?${new URLSearchParams({ next: path })}`
}
