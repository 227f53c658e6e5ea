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
    ['an IPv4 client of our proxy, spelled as IPv6', '127.0.0.1', '::ffff:1.2.3.4', '1.2.3.4'],
    ['its neighbour, who has a budget of their own', '127.0.0.1', '::FFFF:1.2.3.5', '1.2.3.5'],
    ['the same in hexadecimal', '::1', '::ffff:102:304', '1.2.3.4'],
    ['the same at full length', '::1', '0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['an IPv4 peer in hexadecimal', '::ffff:cb00:7107', '198.51.100.1', '203.0.113.7'],
    ['our proxy on an IPv6 socket', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['our proxy in a carrier network', '100.64.0.1', '198.51.100.1', '198.51.100.1'],
    ['the last address of a carrier network', '100.127.255.255', '198.51.100.1', '198.51.100.1'],
    ['a public peer just below one', '100.63.255.255', '198.51.100.1', '100.63.255.255'],
    ['a public peer just above one', '100.128.0.0', '198.51.100.1', '100.128.0.0'],
    ['a proxy that adds the port', '127.0.0.1', '1.2.3.4:5678', '1.2.3.4'],
    ['a proxy that adds the port to an IPv6 address', '127.0.0.1', '[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['brackets without a port', '127.0.0.1', '8.8.8.8, [2001:db8::1]', '2001:db8:0:0::/64'],
    ['a port behind a mapped address', '127.0.0.1', '[::ffff:1.2.3.4]:80', '1.2.3.4'],
    ['a zone behind the address', '127.0.0.1', '2001:db8::1%eth0', '2001:db8:0:0::/64'],
  ])('%s', (_name, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded)).toBe(expected)
  })

  it.each([
    ['this machine itself', '127.0.0.1', undefined],
    ['a header that is no address', '127.0.0.1', 'unknown'],
    ['a header that is no address, with a port', '127.0.0.1', 'unknown:80'],
    ['an address of three parts, with a port', '127.0.0.1', '1.2.3:80'],
    ['an empty header', '127.0.0.1', ''],
    ['this machine over IPv6', '::1', undefined],
    ['a neighbour on the same line', 'fe80::1%eth0', undefined],
    ['a peer that has gone', undefined, undefined],
  ])('has none for %s', (_name, peer, forwarded) => {
    expect(clientAddress(peer, forwarded)).toBeNull()
  })
})
