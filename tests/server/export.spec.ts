import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { z } from 'zod'
import { JsonExportSchema } from '../../shared/schemas/export.ts'
import type { Todo } from '../../shared/schemas/todo.ts'
import { QUERY_MAX_LENGTH, ViewsReplySchema } from '../../shared/schemas/view.ts'
import { directoryOf } from '../../shared/todo/query/directory.ts'
import { formOf, queryOf } from '../../shared/todo/query/filter-form.ts'
import { parseQuery } from '../../shared/todo/query/parse.ts'
import { printQuery } from '../../shared/todo/query/print.ts'
import { compileView } from '../../shared/todo/query/view-filter.ts'
import { compileScope, SCREENS } from '../../shared/todo/scope.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readTodos } from '../support/reader.ts'
import { seedTodos } from '../support/seeded-todos.ts'
import { aPage, aTodo } from '../support/todos.ts'
import { queryArbitrary, SOURCES, todosArbitrary } from '../unit/todo/query/arbitrary-query.ts'

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York']
let database: Inspector
let ann: Reader
let bob: Reader

beforeAll(async () => {
  const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  const readerOf = (key: string) =>
    newReader(key, world, simpleWorkspace(key, [{ title: 'First', blocks: (b) => [b.todo('one')] }]))
  ann = await readerOf('export ann')
  bob = await readerOf('export bob')
})

afterAll(() => database?.close())

function address(parameters: Record<string, string | number>): string {
  return `/api/export?${new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]))}`
}

async function exportJson(
  reader: Reader,
  parameters: Record<string, string | number>,
): Promise<z.infer<typeof JsonExportSchema>> {
  const answer = await reader.browser.get(address({ format: 'json', ...parameters }))
  expect(answer.status, answer.text).toBe(200)
  return JsonExportSchema.parse(answer.json)
}

async function exportText(reader: Reader, parameters: Record<string, string | number>): Promise<string> {
  const answer = await reader.browser.get(address(parameters))
  expect(answer.status, answer.text).toBe(200)
  return answer.text
}

/** Ann's to-dos are now these, all in her one database. */
async function have(todos: readonly Todo[]): Promise<Todo[]> {
  const databaseId = ann.workspace.dataSourceId
  await seedTodos(
    database,
    ann,
    todos.map((todo) => ({ ...todo, databaseId })),
  )
  return (await readTodos(ann.browser)).todos
}

describe('the filter line, the filter dialog and the export', () => {
  it('give the same to-dos, on every screen', async () => {
    const { sources } = ViewsReplySchema.parse((await ann.browser.get('/api/views')).json)
    const [me = 'nobody'] = sources.me
    const asMe = (person: Todo['people'][number]) =>
      SOURCES.me.includes(person.id) ? { ...person, id: me } : person
    const shows = fc.constantFrom('open' as const, 'all' as const)
    const screens = fc.constantFrom('today' as const, 'mine' as const, undefined)
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(todosArbitrary, { minLength: 1, maxLength: 3 })
          .map((parts) => parts.flat().map((todo, id) => ({ ...todo, id }))),
        fc.array(fc.tuple(queryArbitrary, shows, screens, fc.constantFrom(...ZONES)), {
          minLength: 3,
          maxLength: 6,
        }),
        async (seeds, views) => {
          const todos = await have(seeds.map((todo) => ({ ...todo, people: todo.people.map(asMe) })))
          for (const [query, show, screen, timeZone] of views) {
            const line = printQuery(query)
            if (line.length > QUERY_MAX_LENGTH) continue
            const exported = await exportJson(ann, { q: line, show, timeZone, ...(screen && { screen }) })
            // The clock of the server, at the moment it looked.
            const now = new Date(exported.exportedAt)
            const context = { now, timeZone, rules: [], directory: directoryOf(todos, sources) }
            const outside = compileScope(screen ? SCREENS[screen] : {}, context)
            const found = (by: string) =>
              todos
                .filter((todo) => outside(todo) === null)
                .filter(compileView(parseQuery(by, QUERY_MAX_LENGTH).query, show, context))
                .map(({ notionId }) => notionId)
                .sort()
            const byServer = exported.todos.map(({ id }) => id).sort()
            expect(byServer, line).toEqual(found(line))
            expect(found(printQuery(queryOf(formOf(query)))), line).toEqual(byServer)
            compared += 1
          }
        },
      ),
      { numRuns: 12 },
    )
    console.info(`${compared} queries compared`)
  }, 120_000)
})

describe('an export', () => {
  const NASTY = [
    '=1+1',
    '+cmd',
    '-2',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '＝1',
    'a\r\nb,"c"',
    '[x](javascript:1) <img src=x> ![[y]] %%z%% ^id',
  ]

  it('as CSV is read back as it was, every to-do on one line, and no cell is a formula', async () => {
    const todos = await have(
      NASTY.map((text, id) => aTodo({ id, text, tags: [text], page: aPage(1, { title: text }) })),
    )
    const csv = await exportText(ann, { format: 'csv' })
    const lines = csv.split('\r\n')
    expect(lines).toHaveLength(todos.length + 2)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    for (const cell of csv.split(/,|\r\n/)) expect(cell).not.toMatch(/^"?\s*[=+\-@\t\r＝]/)
    expect(csv.startsWith('Done,')).toBe(true)
  })

  it('as CSV begins with a byte order mark when asked for one, which Excel needs', async () => {
    const cookie = [...ann.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const bytesOf = async (bom: string) => {
      const address = new URL(`/api/export?format=csv&bom=${bom}`, ann.browser.origin)
      return new Uint8Array(await (await fetch(address, { headers: { cookie } })).arrayBuffer())
    }
    expect([...(await bytesOf('true')).slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x44])
    expect([...(await bytesOf('false')).slice(0, 1)]).toEqual([0x44])
  })

  it('as Markdown holds no markup, link or HTML that a to-do brought along', async () => {
    await have(NASTY.map((text, id) => aTodo({ id, text, page: aPage(1, { title: text }) })))
    for (const format of ['markdown', 'obsidian-tasks']) {
      const text = await exportText(ann, { format })
      expect(text.split('\n').filter((line) => line.trimStart().startsWith('- ['))).toHaveLength(NASTY.length)
      expect(text).not.toContain('\r')
      expect(text).not.toMatch(/(?<!\\)<img/)
      expect(text).not.toMatch(/(?<!\\)\]\(javascript/)
      expect(text).not.toMatch(/(?<!\\)!(?!\\)\[/)
      expect(text).not.toMatch(/(?<!\\)%%|(?<!\\)\^id/)
    }
  })

  it('as Markdown stands under the groups of the view, children below their parents', async () => {
    await have([
      aTodo({ id: 1, text: 'Plan', page: aPage(1, { title: 'Trip' }) }),
      aTodo({
        id: 2,
        text: 'Book',
        page: aPage(1, { title: 'Trip' }),
        parentId: 1,
        checked: true,
        due: { start: '2026-12-24', source: 'text' },
        tags: ['on the way'],
      }),
    ])
    const text = await exportText(ann, { format: 'obsidian-tasks', show: 'all', group: 'page' })
    expect(text).toMatch(
      /^# To-dos\n\n## Tasks\n\n### Trip\n\n- \[ \] Plan \[Notion\]\(https:\S+\)\n {4}- \[x\] Book \[Notion\]\(https:\S+\) #on-the-way 📅 2026-12-24\n$/,
    )
    // Only there so that what stands below it is understood: no box.
    const done = await exportText(ann, { format: 'markdown', q: 'is:done', locale: 'de', group: 'state' })
    expect(done).toMatch(/## Erledigt\n\n- Plan .*\n {4}- \[x\] Book \\\(2026-12-24\\\)/)
  })

  it('leaves out what its person keeps out of the lists, and takes it in again', async () => {
    const todos = await have([
      aTodo({ id: 1, page: aPage(1, { title: 'A' }) }),
      aTodo({ id: 2, page: aPage(2, { title: 'B' }) }),
    ])
    const page = todos.find((todo) => todo.page.title === 'A')?.page.id ?? 0
    const rule = (target: object, effect: string | null) =>
      ann.browser.put('/api/views/rules', { target, effect })
    const pages = async () => (await exportJson(ann, {})).todos.map((todo) => todo.page.title).sort()
    expect((await rule({ page }, 'hide')).status).toBe(200)
    expect(await pages()).toEqual(['B'])
    await rule({ database: ann.workspace.dataSourceId }, 'hide')
    await rule({ page }, 'show')
    expect(await pages()).toEqual(['A'])
    await rule({ database: ann.workspace.dataSourceId }, null)
    expect((await rule({ page }, null)).json).toEqual({ rules: [] })
    expect(await pages()).toEqual(['A', 'B'])
  })

  it('has a file name that cannot break out of its header, whatever the view is called', async () => {
    const name = 'Für "Ada"\r\nSet-Cookie: x=y; ../../../etc'
    const view = { query: '', group: 'page', sort: 'document', show: 'all' }
    const made = await ann.browser.post('/api/views', { name, view })
    const { id } = (made.json as { view: { id: number } }).view
    const answer = await ann.browser.get(address({ format: 'csv', view: id }))
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="roundup-[a-z0-9-]+\.csv"$/,
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.getSetCookie().join()).not.toContain('x=y')
    await ann.browser.delete(`/api/views/${id}`)
  })

  it('of a screen stands in the order of that screen, whatever the view says', async () => {
    await have([
      aTodo({ id: 1, text: 'no date' }),
      aTodo({ id: 2, text: 'late', due: { start: '2020-01-01', source: 'text' } }),
    ])
    const text = await exportText(ann, { format: 'markdown', screen: 'today', group: 'page' })
    expect(text).toMatch(/^# To-dos\n\n## Overdue\n\n- \[ \] late /)
    expect(text).not.toContain('no date')
    const { view } = await exportJson(ann, { screen: 'today', group: 'page' })
    expect(view).toMatchObject({ group: 'due', sort: 'due' })
  })

  it('refuses what it does not understand, and names the field', async () => {
    const issues = async (parameters: Record<string, string>) =>
      expectRefusal(await ann.browser.get(address(parameters)), 'INVALID_REQUEST').issues?.map(
        ({ path, code }) => `${path} ${code}`,
      )
    expect(await issues({ format: 'pdf' })).toHaveLength(1)
    expect(await issues({ format: 'csv', q: '(' })).toEqual(['q query_unclosed_group'])
    expect(await issues({ format: 'csv', q: '('.repeat(900) })).toHaveLength(1)
    expect(await issues({ format: 'csv', q: 'x'.repeat(4_001) })).toHaveLength(1)
    expect(await issues({ format: 'csv', timeZone: 'Mars/Olympus' })).toHaveLength(1)
    expect(await issues({ format: 'csv', screen: 'yesterday' })).toHaveLength(1)
    expect(await issues({ format: 'csv', user: ann.userId })).toHaveLength(1)
  })

  it("is of one's own lists and views only", async () => {
    await have([aTodo({ id: 1, text: 'a secret of hers' })])
    const view = { query: '', group: 'page', sort: 'document', show: 'all' }
    const made = await ann.browser.post('/api/views', { name: 'Hers', view })
    const { id } = (made.json as { view: { id: number } }).view
    expectRefusal(await bob.browser.get(address({ format: 'json', list: ann.listId })), 'NOT_FOUND')
    expectRefusal(await bob.browser.get(address({ format: 'json', view: id })), 'NOT_FOUND')
    expect(JSON.stringify(await exportJson(bob, { show: 'all' }))).not.toContain('a secret of hers')
    await ann.browser.delete(`/api/views/${id}`)
  })
})
