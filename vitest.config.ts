import { fileURLToPath } from 'node:url'
import { defineVitestProject } from '@nuxt/test-utils/config'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The aliases that server and shared code use, for tests that run it outside Nuxt. */
const alias = {
  '#shared': at('./shared'),
  '#server': at('./server'),
  '~~': at('.'),
}

/** On a shared machine one stall is no verdict; a test that needed its second try is printed as such. */
const RETRIES = process.env.CI ? 1 : 0

const nodeProject = (
  name: string,
  timeoutMs: number,
  options: { globalSetup?: string; isolate?: boolean } = {},
) => ({
  resolve: { alias },
  test: {
    ...options,
    name,
    include: [`tests/${name}/**/*.spec.ts`],
    environment: 'node',
    testTimeout: timeoutMs,
    hookTimeout: 120_000,
    retry: RETRIES,
  },
})

/** Projects named on the command line; none means all. */
const askedFor = process.argv.flatMap((argument, index) => {
  if (argument === '--project') return [process.argv[index + 1]]
  return argument.startsWith('--project=') ? [argument.slice('--project='.length)] : []
})

/** Components, composables and stores inside a running Nuxt. Loading it takes seconds, so only when asked for. */
async function nuxtProjects() {
  if (askedFor.length > 0 && !askedFor.includes('nuxt')) return []
  const project = await defineVitestProject({
    test: {
      name: 'nuxt',
      include: ['tests/nuxt/**/*.spec.ts'],
      setupFiles: ['./tests/nuxt/setup.ts'],
      environment: 'nuxt',
      // One for each file, as its tests leave much behind: a thread is there sooner than a process.
      pool: 'threads',
      environmentOptions: { nuxt: { domEnvironment: 'happy-dom', mock: { indexedDb: true } } },
      testTimeout: 20_000,
      hookTimeout: 120_000,
      retry: RETRIES,
      // Files do not name the components they use: a kept transform knows nothing of one that was added since.
      fsModuleCache: false,
    },
  })
  return [project]
}

export default defineConfig({
  test: {
    projects: [
      // What they import is loaded once for all files: tests make themselves what keeps a state, and loading is a good part
      // of the time.
      nodeProject('unit', 20_000, { isolate: false }),
      ...(await nuxtProjects()),
      nodeProject('contract', 30_000, { isolate: false }),
      nodeProject('db', 60_000, { isolate: false, globalSetup: './tests/support/setup-db.ts' }),
      nodeProject('server', 60_000, { isolate: false, globalSetup: './tests/support/setup-server.ts' }),
      // Each file brings an installation of its own: to break it, to count what it is asked, or to set it up differently.
      nodeProject('installation', 60_000, { isolate: false }),
    ],
  },
})
