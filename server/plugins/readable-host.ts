import type { H3Event } from 'h3'

const HOSTS = ['host', 'x-forwarded-host'] as const

/**
 * A host that is none fails whatever asks for the address of the request, Nitro's error handler too, which then prints
 * that address with its query. It says nothing, so it is taken for not said, before the first hook of any module.
 */
export default defineNitroPlugin(({ h3App }) => {
  const { onRequest } = h3App.options
  h3App.options.onRequest = (event) => {
    forgetUnreadableHosts(event)
    return onRequest?.(event)
  }
})

function forgetUnreadableHosts({ node: { req } }: H3Event): void {
  for (const name of HOSTS) {
    const host = req.headers[name]
    if (typeof host === 'string' && !URL.canParse(`http://${host}`)) req.headers[name] = undefined
  }
}
