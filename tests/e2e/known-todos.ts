import type { Page } from '@playwright/test'

/** A to-do as the API tells of it. */
export interface KnownTodo {
  id: number
  notionId: string
  kind: string
  text: string
  checked: boolean
  write: { state: string }
  page: { title: string; url: string }
}

/** All to-dos of whoever is signed in on this page. */
export async function todosOf(page: Page): Promise<KnownTodo[]> {
  const { todos } = await page.evaluate(
    async () => (await (await fetch('/api/todos')).json()) as { todos: KnownTodo[] },
  )
  return todos
}

/** From inside the page, so that the request comes from our own origin. */
export function post<Reply>(page: Page, path: string, body: object): Promise<Reply> {
  return page.evaluate(
    async ([to, data]) => {
      const headers = { 'content-type': 'application/json' }
      const sent = JSON.stringify({ clientId: crypto.randomUUID(), ...data })
      return (await (await fetch(to, { method: 'POST', headers, body: sent })).json()) as Reply
    },
    [path, body] as const,
  )
}

/** @throws Error when there is none */
export async function todoNamed(page: Page, text: string): Promise<KnownTodo> {
  const todo = (await todosOf(page)).find((one) => one.text === text)
  if (!todo) throw new Error(`There is no to-do “${text}”`)
  return todo
}
