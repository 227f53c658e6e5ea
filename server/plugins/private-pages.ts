import { setResponseHeader } from 'h3'

/**
 * Pages are personal, and the address of one may carry a code: no cache keeps them. Set where they are rendered, so that
 * it holds for error pages, which the server asks itself for, and for any path and method.
 */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:response', (_, { event }) => {
    setResponseHeader(event, 'cache-control', 'private, no-store')
  })
})
