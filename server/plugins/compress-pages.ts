import { appendResponseHeader, getRequestHeader, setResponseHeader } from 'h3'
import { compress } from '#server/utils/compressed'

const ERROR_PAGE = '/__nuxt_error'

/**
 * Pages are compressed on their way out; files are when building. Nothing secret stands in a page beside what a
 * stranger may choose of it (BREACH): the session is in cookies that pages do not show, and a nonce is new each time.
 */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:response', async (response, { event }) => {
    // The error page is rendered by a request of the server to itself, which takes the body for text.
    if (typeof response.body !== 'string' || event.path.startsWith(ERROR_PAGE)) return
    const { body, encoding } = await compress(response.body, getRequestHeader(event, 'accept-encoding'))
    appendResponseHeader(event, 'vary', 'accept-encoding')
    if (encoding === null) return
    setResponseHeader(event, 'content-encoding', encoding)
    response.body = body
  })
})
