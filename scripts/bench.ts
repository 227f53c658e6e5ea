import { join } from 'node:path'
import { createJiti } from 'jiti'

/** `npm run bench`: the server's own code runs here, so its aliases have to be understood. */
const ROOT = join(import.meta.dirname, '..')
const jiti = createJiti(import.meta.url, {
  alias: { '#server': join(ROOT, 'server'), '#shared': join(ROOT, 'shared') },
})
const [entry = 'main', ...options] = process.argv.slice(2)
const bench = await jiti.import<{ main: (options: string[]) => Promise<void> }>(
  `../tests/bench/${entry === 'engine' ? 'engine' : 'main'}.ts`,
)
await bench.main(entry === 'engine' || entry === 'main' ? options : [entry, ...options])
process.exit()
