import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createEvent } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { endMarkedSession } from '#server/utils/ended-session'

const supabase = vi.hoisted(() => ({ signOut: vi.fn(() => Promise.resolve()) }))
vi.mock('#server/context', () => ({
  appContext: () => ({ environment: { BASE_URL: 'https://roundup.test' } }),
}))
vi.mock('#server/session/session', () => ({ signOut: supabase.signOut }))
vi.mock('../../../server/utils/session', () => ({
  signingOutDb: () => ({}),
  sessionCookieName: () => '__Host-roundup-session',
}))

const SESSION = '__Host-roundup-session.0=a; __Host-roundup-session.1=b'

function aRequest(cookie: string) {
  const request = new IncomingMessage(new Socket())
  Object.assign(request, { url: '/', method: 'GET', headers: { cookie } })
  const event = createEvent(request, new ServerResponse(request))
  const gone = () =>
    [event.node.res.getHeader('set-cookie') ?? []].flat().map((line) => String(line).split('=')[0])
  return { event, gone }
}

describe('a request of somebody who signed out while the server could not be told', () => {
  beforeEach(() => supabase.signOut.mockClear())

  it('is nobody’s, ends the session, and leaves no cookie of it', async () => {
    const { event, gone } = aRequest(`${SESSION}; __Host-roundup-signed-out=1; theme=dark`)
    await endMarkedSession(event)
    expect(await event.context.sessionUser).toBeNull()
    expect(supabase.signOut).toHaveBeenCalledOnce()
    expect(gone().sort()).toEqual([
      '__Host-roundup-session.0',
      '__Host-roundup-session.1',
      '__Host-roundup-signed-out',
    ])
  })

  it('is nobody’s although Supabase cannot be told either', async () => {
    supabase.signOut.mockRejectedValueOnce(new Error('unreachable'))
    const { event, gone } = aRequest(`${SESSION}; __Host-roundup-signed-out=1`)
    await endMarkedSession(event)
    expect(await event.context.sessionUser).toBeNull()
    expect(gone()).toHaveLength(3)
  })

  it.each([
    ['nothing says so', SESSION],
    ['another host of our domain says so', `${SESSION}; roundup-signed-out=1`],
  ])('goes on as it is where %s', async (_, cookie) => {
    const { event, gone } = aRequest(cookie)
    await endMarkedSession(event)
    expect(event.context.sessionUser).toBeUndefined()
    expect(gone()).toEqual([])
    expect(supabase.signOut).not.toHaveBeenCalled()
  })
})
