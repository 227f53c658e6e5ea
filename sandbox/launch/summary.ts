import { join } from 'node:path'
import type { Stack } from '../stack.ts'
import type { LaunchPlan } from './plan.ts'

/** What a person wants to know once everything runs. No key and no password is part of it. */
export function describeStack(plan: LaunchPlan, stack: Stack): string[] {
  const { SUPABASE_URL: supabase, NOTION_API_URL: notion } = stack.environment
  return [
    ...(supabase === undefined
      ? ['Supabase  your own']
      : [`Supabase  local stand-in, ${supabase}`, `Mails     ${supabase}/_mail`]),
    notion === undefined
      ? 'Notion    your own connection'
      : `Notion    local stand-in with a demo workspace, ${notion}`,
    ...(supabase === undefined && notion === undefined
      ? []
      : [`Data      ${plan.dir}  (logs in ${join(plan.dir, 'logs')}, npm run sandbox:reset forgets it)`]),
  ]
}
