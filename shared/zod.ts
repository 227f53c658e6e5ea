import { z } from 'zod'

// Left alone, zod compiles parsers with `new Function` and first tries whether it may. In a browser our
// Content-Security-Policy says no, and every page would report a violation. Schemas take `z` from here, so that
// this has happened before the first of them is made.
if ('document' in globalThis) z.config({ jitless: true })

export { z }
