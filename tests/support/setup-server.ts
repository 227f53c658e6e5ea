import type { TestProject } from 'vitest/node'
import { startTestStack } from './stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    appUrl: string
    environment: Record<string, string>
    sandboxDir: string
  }
}

/** One installation for all tests over HTTP; each test brings its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startTestStack()
  project.provide('appUrl', stack.app.url)
  project.provide('environment', stack.environment)
  project.provide('sandboxDir', stack.dir)
  return stack.stop
}
