import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { ConnectReply } from '../../shared/schemas/connection.ts'
import { ConnectReplySchema } from '../../shared/schemas/connection.ts'
import { Browser } from './browser.ts'

const PASSWORD = 'correct horse battery'

export interface Person {
  browser: Browser
  email: string
  password: string
}

/** Somebody who has just made an account and is signed in. */
export async function signUp(appUrl = inject('appUrl')): Promise<Person> {
  const browser = new Browser(appUrl)
  const email = `${randomUUID()}@people.test`
  const answer = await browser.post('/api/session/sign-up', { email, password: PASSWORD })
  if (answer.status !== 200) throw new Error(`sign-up: ${answer.status} ${answer.text}`)
  return { browser, email, password: PASSWORD }
}

/** What Notion's consent page answers to a click. */
export interface Consent {
  /** Where the browser is sent back to. */
  url: URL
  code: string | null
  state: string | null
  error: string | null
}

/** Goes from our start route through Notion's consent page. */
export async function consent(
  browser: Browser,
  decision: 'approve' | 'cancel' = 'approve',
  workspace?: string,
): Promise<Consent> {
  const start = await browser.get('/api/auth/notion/start')
  if (start.status !== 302) throw new Error(`start: ${start.status} ${start.text}`)
  const authorize = new URL(start.headers.get('location') ?? '')
  const form = new URLSearchParams({
    ...Object.fromEntries(authorize.searchParams),
    decision,
    ...(workspace && { workspace }),
  })
  const back = await fetch(new URL('/v1/oauth/authorize', authorize), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const url = new URL(back.headers.get('location') ?? '')
  const get = (name: string) => url.searchParams.get(name)
  return { url, code: get('code'), state: get('state'), error: get('error') }
}

/** Connects a workspace the way the page does it. */
export async function connect(browser: Browser, workspace?: string): Promise<ConnectReply> {
  const { code, state } = await consent(browser, 'approve', workspace)
  const answer = await browser.post('/api/connect-notion', { code, state })
  if (answer.status !== 200) throw new Error(`connect: ${answer.status} ${answer.text}`)
  return ConnectReplySchema.parse(answer.json)
}
