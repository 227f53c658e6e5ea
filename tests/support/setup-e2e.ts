import { startTestStack } from './stack.ts'

/** One installation for all browser tests; Playwright's workers learn its addresses by environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = await startTestStack()
  process.env.E2E_APP_URL = stack.app.url
  process.env.E2E_NOTION_URL = stack.environment.NOTION_API_URL
  process.env.E2E_SUPABASE_URL = stack.environment.SUPABASE_URL
  return stack.stop
}
