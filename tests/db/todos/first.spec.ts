import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { listRules } from '../../../server/db/list-rules.ts'
import { createTodoList } from '../../../server/db/todo-lists.ts'
import { firstTodos } from '../../../server/todos/first.ts'
import { listTodosOf } from '../../../server/todos/list.ts'
import { FirstTodosReplySchema } from '../../../shared/schemas/snapshot.ts'
import { FIRST_ROWS, firstRows } from '../../../shared/todo/first-rows.ts'
import type { Member } from '../../support/database.ts'
import {
  addDatabase,
  makeWorkspace,
  openPostgres,
  openServiceDb,
  signUpMember,
} from '../../support/database.ts'

const service = openServiceDb()
const pool = openPostgres()
afterAll(() => pool.end())

interface MadeTodo {
  checked: boolean
  state: string
  /** Below the one before it. */
  isChild: boolean
}
interface MadePage {
  /** Which one, counted round. */
  database: number
  minutesAgo: number | null
  row: MadeTodo | null
  boxes: MadeTodo[]
  effect: string | null
}

const todo: fc.Arbitrary<MadeTodo> = fc.record({
  checked: fc.boolean(),
  state: fc.constantFrom('saved', 'saved', 'waiting', 'failed', 'conflict'),
  isChild: fc.boolean(),
})
const effect = fc.constantFrom(null, null, null, 'hide', 'show')
const pageWith = (row: fc.Arbitrary<MadeTodo | null>): fc.Arbitrary<MadePage> =>
  fc.record({
    database: fc.nat(),
    /** Few different ones, so that some are the same. */
    minutesAgo: fc.option(fc.nat(30)),
    row,
    boxes: fc.oneof(fc.constant<MadeTodo[]>([]), fc.array(todo, { maxLength: 4 })),
    effect,
  })
const sometimes = fc.oneof<fc.MaybeWeightedArbitrary<MadeTodo | null>[]>(
  { weight: 5, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: todo },
)
/** So many that a list does not begin with all of a database. */
const MANY = { minLength: 200, maxLength: 240, size: 'max' } as const
const library: fc.Arbitrary<Library> = fc.record({
  databases: fc.array(effect, { minLength: 1, maxLength: 3 }),
  pages: fc.oneof(
    fc.array(pageWith(sometimes), { minLength: 1, maxLength: 20 }),
    fc.array(pageWith(sometimes), MANY),
    fc.array(pageWith(todo), MANY),
  ),
})
interface Library {
  databases: (string | null)[]
  pages: MadePage[]
}

async function store(member: Member, { databases, pages }: Library): Promise<void> {
  const { connectionId, databaseId, dataSourceId } = await makeWorkspace(service, member.id)
  const ids = [databaseId]
  const sources = [dataSourceId]
  // The last one is in no list.
  for (let count = databases.length; count > 0; count -= 1) {
    const added = await addDatabase(service, connectionId)
    ids.push(added.databaseId)
    sources.push(added.dataSourceId)
  }
  await createTodoList(service, member.id, 'More', sources.slice(1, -1))
  for (const [index, rule] of databases.entries())
    if (rule)
      await pool.query('insert into public.list_rule (user_id, database_id, effect) values ($1, $2, $3)', [
        member.id,
        ids[index],
        rule,
      ])
  const stored = pages.map((page) => ({
    ...page,
    key: randomUUID(),
    databaseId: ids[page.database % ids.length],
    todos: [
      ...(page.row ? [{ ...page.row, kind: 'row' }] : []),
      ...page.boxes.map((box) => ({ ...box, kind: 'block' })),
    ],
  }))
  await pool.query(
    `with given as (
       select * from jsonb_to_recordset($3) as g (key text, "databaseId" bigint, "minutesAgo" integer, effect text, todos jsonb)
     ), page as (
       insert into public.page (user_id, connection_id, database_id, notion_page_id, title, url, last_edited_time)
       select $1, $2, "databaseId", key, 'A page', 'https://www.notion.so/a',
         timestamptz '2026-11-01' - make_interval(mins => "minutesAgo")
       from given
       returning id, database_id, notion_page_id as key
     ), rule as (
       insert into public.list_rule (user_id, page_id, effect)
       select $1, page.id, effect from given join page using (key) where effect is not null
     )
     insert into public.todo (user_id, connection_id, database_id, page_id, notion_id, kind, text, rich_text, checked,
       write_state, write_theirs, position, depth, seq)
     select $1, $2, page.database_id, page.id, gen_random_uuid(), t->>'kind', 'To do', '[{"text":"To do"}]',
       (t->>'checked')::boolean, t->>'state',
       case when t->>'state' = 'conflict' then '{"checked":true,"text":""}'::jsonb end, place,
       (t->>'isChild')::boolean::integer, 1
     from given join page using (key), jsonb_array_elements(todos) with ordinality as i (t, place)`,
    [member.id, connectionId, JSON.stringify(stored)],
  )
  // Depth says so until everybody has an id.
  await pool.query(
    `update public.todo t set parent_id = above.id from public.todo above
     where t.user_id = $1 and t.depth = 1 and above.page_id = t.page_id and above.position = t.position - 1
       and above.kind = 'block'`,
    [member.id],
  )
}

const NO_METERS = () => Promise.resolve([])

async function compare(member: Member) {
  const rules = await listRules(member.db, member.id)
  const { todos } = await listTodosOf(member.db, { userId: member.id })
  const first = FirstTodosReplySchema.parse(
    await firstTodos({ service, user: member.db }, member.id, NO_METERS),
  )
  // How many siblings a task has is said by the list alone.
  const shown = (rows: ReturnType<typeof firstRows>) =>
    rows.map((row) => (row.kind === 'item' ? { ...row, siblings: undefined } : row))
  return {
    first: first.todos.length,
    all: todos.length,
    rows: shown(firstRows(first.todos, rules, undefined, first.open)),
    expected: shown(firstRows(todos, rules, undefined)),
  }
}

describe('the pages a list begins with', () => {
  it('make the rows that the whole list begins with', async () => {
    let longest = 0
    await fc.assert(
      fc.asyncProperty(library, async (made) => {
        const member = await signUpMember()
        await store(member, made)
        const { rows, expected } = await compare(member)
        expect(rows).toEqual(expected)
        longest = Math.max(longest, rows.length)
      }),
      { numRuns: 12 },
    )
    expect(longest, 'some list was long enough').toBe(FIRST_ROWS)
  }, 120_000)

  it('are few of a long list, and none of anybody else’s', async () => {
    const [member, stranger] = [await signUpMember(), await signUpMember()]
    const box = { checked: false, state: 'saved', isChild: false }
    const page = { database: 0, row: null, boxes: [box, box], effect: null }
    const pages = Array.from({ length: 100 }, (_, minutesAgo) => ({ ...page, minutesAgo }))
    // Tasks stand before pages, however old they are.
    const task = { ...page, row: box, boxes: [], minutesAgo: 1_000 }
    await store(member, { databases: [null], pages: [...pages, task] })
    const found = await compare(member)
    expect(found).toMatchObject({ all: 201, first: 2 * (FIRST_ROWS - 1) + 1 })
    expect(found.rows).toEqual(found.expected)
    await makeWorkspace(service, stranger.id)
    expect(await compare(stranger)).toMatchObject({ first: 0, rows: [] })
  })

  it('are not told where a task stands below a task of another page', async () => {
    const member = await signUpMember()
    const row = { checked: false, state: 'saved', isChild: false }
    const page = { database: 0, row, boxes: [], effect: null }
    await store(member, {
      databases: [null],
      pages: [
        { ...page, minutesAgo: 1 },
        { ...page, minutesAgo: 2 },
      ],
    })
    expect(await compare(member)).toMatchObject({ first: 2 })
    await pool.query(
      `update public.todo t set parent_id = (select max(id) from public.todo where user_id = $1)
       where id = (select min(id) from public.todo where user_id = $1)`,
      [member.id],
    )
    expect(await compare(member)).toMatchObject({ all: 2, first: 0 })
  })
})
