import { describe, expect, it } from 'vitest'
import { clientAddress } from '#server/security/client-address'

describe('whose address a request counts for', () => {
  it.each([
    ['a public peer', '203.0.113.7', undefined, '203.0.113.7'],
    ['a public peer that makes up a header', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['our proxy on this machine', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['our proxy, with a header the client made up in front', '::1', '8.8.8.8, 198.51.100.1', '198.51.100.1'],
    ['our proxy in the private network', '10.1.2.3', '2001:db8::1', '2001:db8:0:0::/64'],
    ['an IPv4 peer on an IPv6 socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['a public IPv6 peer', '2001:db8::7', '198.51.100.1', '2001:db8:0:0::/64'],
    ['its neighbour in the same network', '2001:DB8:0:0:ffff::1', undefined, '2001:db8:0:0::/64'],
    ['one in another network', '2001:db8:0:1:2:3:4:5', undefined, '2001:db8:0:1::/64'],
    ['one whose zeros are left out in front', '::2:3:4:5:6', undefined, '0:0:0:2::/64'],
  ])('%s', (_name, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded)).toBe(expected)
  })

  it.each([
    ['this machine itself', '127.0.0.1', undefined],
    ['a header that is no address', '127.0.0.1', 'unknown'],
    ['a peer that has gone', undefined, undefined],
  ])('has none for %s', (_name, peer, forwarded) => {
    expect(clientAddress(peer, forwarded)).toBeNull()
  })
})
