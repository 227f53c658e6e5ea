import { isIP } from 'node:net'

/**
 * Whose address counts for limits. A public peer is the client itself, whatever headers it sends. A local
 * or private peer is our own reverse proxy: the last entry of X-Forwarded-For is the one it added. Without
 * that header the request comes from this machine, and has no address worth counting.
 *
 * @returns null for a request from this machine or network
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined): string | null {
  const address = (peer ?? '').replace(/^::ffff:/, '')
  if (isIP(address) !== 0 && !isPrivate(address)) return address
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? ''
  return isIP(last) === 0 ? null : last
}

function isPrivate(address: string): boolean {
  return (
    /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ||
    /^(::1$|f[cd]|fe[89ab])/i.test(address)
  )
}
