import { describe, expect, it } from 'vitest'
import type { RequestOrigin } from '#server/security/origin'
import { isForeignWrite } from '#server/security/origin'

const BASE_URL = 'https://roundup.test'

function request(change: Partial<RequestOrigin>): RequestOrigin {
  return { method: 'POST', origin: undefined, secFetchSite: undefined, host: 'roundup.test', ...change }
}

describe("writes from our own pages, and from programs that ride on nobody's cookies, are let through", () => {
  it.each<[string, Partial<RequestOrigin>]>([
    ['a page of ours', { origin: BASE_URL, secFetchSite: 'same-origin' }],
    ['a page of ours in a browser without Sec-Fetch-Site', { origin: BASE_URL }],
    ['the same host behind a proxy that changes the scheme', { origin: 'http://roundup.test' }],
    ['a program that sends neither header', {}],
  ])('%s', (_, change) => {
    expect(isForeignWrite(request(change), BASE_URL)).toBe(false)
  })
})

describe("another site's page cannot write", () => {
  it.each<[string, Partial<RequestOrigin>]>([
    ['cross-site', { secFetchSite: 'cross-site' }],
    ['from a sibling subdomain', { secFetchSite: 'same-site', origin: 'https://evil.roundup.test' }],
    ['by a navigation of its own', { secFetchSite: 'none' }],
    ['with a Sec-Fetch-Site nobody knows', { secFetchSite: 'SAME-ORIGIN ' }],
    ['with our origin but cross-site', { secFetchSite: 'cross-site', origin: BASE_URL }],
    ['with a foreign origin', { origin: 'https://evil.test' }],
    ['with an origin that begins like ours', { origin: 'https://roundup.test.evil.test' }],
    ['with another port', { origin: 'https://roundup.test:8443' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['with an origin that is no address', { origin: 'roundup.test' }],
    ['with an empty origin', { origin: '' }],
    ['with a foreign origin and no host', { origin: 'https://evil.test', host: undefined }],
  ])('%s', (_, change) => {
    expect(isForeignWrite(request(change), BASE_URL)).toBe(true)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'BREW'])('by the method %s', (method) => {
    expect(isForeignWrite(request({ method, origin: 'https://evil.test' }), BASE_URL)).toBe(true)
  })
})

describe('reading is open to links from anywhere', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('%s', (method) => {
    expect(isForeignWrite(request({ method, secFetchSite: 'cross-site' }), BASE_URL)).toBe(false)
  })
})
