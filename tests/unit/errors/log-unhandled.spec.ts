import { createError, createEvent } from 'h3'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import logUnhandled from '#server/errors/log-unhandled'
import { logger } from '#server/logging/logger'

const SECRET = 'c4n4ry-c0d3'

function opened(path: string) {
  const request = new IncomingMessage(new Socket())
  request.url = path
  return createEvent(request, new ServerResponse(request))
}

describe('what nobody caught while a page was made', () => {
  const told = vi.spyOn(logger, 'error').mockReturnValue()
  afterEach(() => told.mockClear())

  it('is a line of our log that says which page it was, and nothing of its address or its message', () => {
    const error = createError(new TypeError(`no ${SECRET}`))
    error.unhandled = true
    logUnhandled(error, opened(`/connect-notion/${SECRET}?code=${SECRET}&state=${SECRET}`))
    expect(told).toHaveBeenCalledOnce()
    const [line] = told.mock.calls[0] ?? []
    expect(line).toMatchObject({ event: 'page.failed', method: 'GET', path: '/connect-notion' })
    expect(JSON.stringify(line)).not.toContain(SECRET)
    // Nitro prints the address of an error that is marked, and shows the message of one that is not.
    expect([error.unhandled, error.fatal, error.message]).toEqual([false, false, 'Server Error'])
  })

  it('is told as well when Nuxt has given it a status', () => {
    const error = createError({ statusCode: 500, message: `URI malformed: ${SECRET}` })
    logUnhandled(error, opened(`/confirm?code=${SECRET}`))
    expect(told).toHaveBeenCalledOnce()
    expect(JSON.stringify(told.mock.calls[0])).not.toContain(SECRET)
    expect(error.message).toBe('Server Error')
  })

  it('is told apart from what was meant: a page that does not exist is no failure', () => {
    const error = createError({ statusCode: 404, message: 'Page not found' })
    logUnhandled(error, opened('/no-such-page'))
    expect(told).not.toHaveBeenCalled()
    expect(error.message).toBe('Page not found')
  })
})
