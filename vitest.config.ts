import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The aliases that server and shared code use, for tests that run it outside Nuxt. */
const alias = {
  '#shared': at('./shared'),
  '#server': at('./server'),
  '~~': at('.'),
}

const nodeProject = (name: string, timeoutMs: number, options: { globalSetup?: string } = {}) => ({
  resolve: { alias },
  test: {
    ...options,
    name,
    include: [`tests/${name}/**/*.spec.ts`],
    environment: 'node',
    testTimeout: timeoutMs,
    hookTimeout: 120_000,
  },
})

export default defineConfig({
  test: {
    projects: [
      nodeProject('unit', 20_000),
      nodeProject('contract', 30_000),
      nodeProject('db', 60_000, { globalSetup: './tests/support/setup-db.ts' }),
      nodeProject('server', 60_000, { globalSetup: './tests/support/setup-server.ts' }),
    ],
  },
})
