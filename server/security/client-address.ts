import { isIP } from 'node:net'

/**
 * Whose address counts for limits. A public peer is the client itself, whatever headers it sends. A local
 * or private peer is our own reverse proxy: the last entry of X-Forwarded-For is the one it added. Without
 * that header the request comes from this machine, and has no address worth counting. Of an IPv6 address the
 * network counts: anybody has as many addresses in theirs as they like.
 *
 * @returns null for a request from this machine or network
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined): string | null {
  const address = readAddress(peer ?? '')
  if (address !== null && !isPrivate(address)) return network(address)
  const last = readAddress(forwardedFor?.split(',').at(-1) ?? '')
  return last === null ? null : network(last)
}

/** An IPv4 address that is spelled as an IPv6 one, by a socket that takes both or a proxy behind one. */
const MAPPED = /^::ffff:(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i
/** Some proxies add the port: after an IPv4 address, or after an IPv6 one in brackets (RFC 7239 §6). */
const WITH_PORT = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::\d+)?$/

/** The bare address in a text; null when it holds none. */
function readAddress(text: string): string | null {
  const trimmed = text.trim()
  const found = WITH_PORT.exec(trimmed)?.groups
  const address = found?.v6 ?? found?.v4 ?? trimmed
  if (isIP(address) === 0) return null
  if (isIP(address) === 4) return address
  const [plain = ''] = address.split('%', 1)
  const mapped = MAPPED.exec(plain)?.[1] ?? mappedInHex(plain)
  return mapped ?? plain
}

/** The same in hexadecimal: ::ffff:cb00:7107. */
function mappedInHex(address: string): string | null {
  const groups = groupsOf(address)
  if (groups.slice(0, 5).some((group) => group !== '0') || groups[5] !== 'ffff') return null
  return groups
    .slice(6)
    .flatMap((group) => {
      const bits = Number.parseInt(group, 16)
      return [bits >> 8, bits & 0xff]
    })
    .join('.')
}

/** The first 64 bits of an IPv6 address (RFC 4291 §2.5.4), whatever its spelling; an IPv4 address whole. */
function network(address: string): string {
  if (isIP(address) === 4) return address
  return `${groupsOf(address).slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, whatever its spelling. */
function groupsOf(address: string): string[] {
  // A URL spells an address in one way, with the longest run of zeros left out.
  const spelled = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = spelled.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = (tail ?? '').split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups.length - rest.length
  return [...groups, ...Array<string>(missing).fill('0'), ...rest]
}

/** This machine, or a network that is not the internet: RFC 1918, 3927, 4193, 4291 §2.5.6, 6598 (carriers, 100.64/10). */
function isPrivate(address: string): boolean {
  return (
    /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
      address,
    ) || /^(::1$|f[cd]|fe[89ab])/i.test(address)
  )
}
