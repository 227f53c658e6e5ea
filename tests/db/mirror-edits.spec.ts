import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { refreshDatabases } from '../../server/connections/databases.ts'
import { disconnect } from '../../server/connections/disconnect.ts'
import { listStaleMirrors, requestMirrorRun } from '../../server/db/mirror-runs.ts'
import { createMirror, listMirrors } from '../../server/db/mirrors.ts'
import { createTodoList, deleteTodoList } from '../../server/db/todo-lists.ts'
import { endMirror } from '../../server/mirror/manage.ts'
import type { Edit } from '../../sandbox/notion/control-edits.ts'
import { editAsPerson } from '../../sandbox/notion/control-edits.ts'
import { changedColumns } from '../../sandbox/notion/schema-requests.ts'
import { signUpMember } from '../support/database.ts'
import type { LabTodo, MirrorLab, Owner } from '../support/mirror-lab.ts'
import {
  databasesOn,
  found,
  holdTodos,
  makeMirror,
  manyTodos,
  newOwner,
  openMirrorLab,
  rowsInNotion,
  sync,
  wanted,
} from '../support/mirror-lab.ts'

// R75, R77–R79: what people do to a mirror, to its list and to its workspace.

let lab: MirrorLab
beforeAll(async () => {
  lab = await openMirrorLab()
})
afterEach(() => lab.notion.world.faults.clear())
afterAll(() => lab.close())

/** A list of these to-dos, mirrored and in step. */
async function mirrored(todos: LabTodo[], { tickBack = false } = {}) {
  const owner = await newOwner(lab)
  await holdTodos(lab, owner, todos)
  const mirrorId = await makeMirror(lab, owner, tickBack)
  await sync(lab, owner, mirrorId)
  return { owner, mirrorId }
}

const inNotion = (edit: Edit) => editAsPerson(lab.notion.world, edit)

function pageOf(owner: Owner, { notionId }: LabTodo): string {
  const row = rowsInNotion(lab, owner).find(({ cells }) => cells['To-do ID'] === notionId)
  if (!row) throw new Error('there is no such row')
  return row.pageId
}

function sourceOf(owner: Owner) {
  const [database] = databasesOn(lab, owner)
  const id = database?.kind === 'database' ? (database.dataSourceIds[0] ?? '') : ''
  const source = lab.notion.world.store.dataSource(id)
  if (!source) throw new Error('there is no mirror')
  return source
}

async function checkedHere({ userId }: Owner, { notionId }: LabTodo): Promise<unknown> {
  const { rows } = await lab.pool.query<{ checked: boolean }>(
    'select checked from public.todo where user_id = $1 and notion_id = $2',
    [userId, notionId],
  )
  return rows[0]?.checked
}

describe('a to-do that', () => {
  it('leaves the list puts its row into the trash, and comes back as one row', async () => {
    const todos = manyTodos(4)
    const { owner, mirrorId } = await mirrored(todos)
    await holdTodos(lab, owner, todos.slice(1))
    const { mirror, writes } = await sync(lab, owner, mirrorId)
    expect([writes, mirror.result?.removed]).toEqual([1, 1])
    expect(found(lab, owner)).toEqual(wanted(todos.slice(1)))
    await holdTodos(lab, owner, todos)
    await sync(lab, owner, mirrorId)
    expect(found(lab, owner)).toEqual(wanted(todos))
  })

  it('only stands elsewhere in the list costs nothing', async () => {
    const todos = manyTodos(5)
    const { owner, mirrorId } = await mirrored(todos)
    await holdTodos(
      lab,
      owner,
      [...todos].reverse().map((todo, position) => ({ ...todo, position })),
    )
    expect((await sync(lab, owner, mirrorId)).writes).toBe(0)
  })

  it('is longer than Notion takes in one piece is there whole', async () => {
    const text = `begin ${'😀 long '.repeat(900)} end`
    const todo = { notionId: randomUUID(), text }
    const { owner } = await mirrored([todo])
    expect(found(lab, owner)).toEqual({ [todo.notionId]: [text, false] })
  })
})

describe('a row that somebody', () => {
  it('put into the trash is taken out again', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    const [first = { notionId: '' }] = todos
    const pageId = pageOf(owner, first)
    inNotion({ op: 'trash', id: pageId })
    const { writes } = await sync(lab, owner, mirrorId)
    expect(writes).toBe(1)
    expect(pageOf(owner, first)).toBe(pageId)
  })

  it('edited is put right', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    const [first = { notionId: '' }] = todos
    const value = [{ type: 'text', text: { content: 'Mine', link: null }, plain_text: 'Mine', href: null }]
    const annotations = {
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      code: false,
      color: 'default',
    }
    inNotion({
      op: 'edit_row',
      page_id: pageOf(owner, first),
      properties: { Name: { type: 'title', value: value.map((run) => ({ ...run, annotations })) } } as never,
    })
    expect((await sync(lab, owner, mirrorId)).writes).toBe(1)
    expect(found(lab, owner)).toEqual(wanted(todos))
  })

  it('lost a column is written again; a renamed column stays renamed', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    const source = sourceOf(owner)
    source.properties = changedColumns(source.properties, { Name: { name: 'What' }, Page: null })
    await sync(lab, owner, mirrorId)
    const names = sourceOf(owner).properties.map(({ name }) => name)
    expect(names).toContain('What')
    const rows = rowsInNotion(lab, owner)
    expect(rows.map(({ cells }) => cells.Page)).toEqual(['Plan', 'Plan', 'Plan'])
    expect(rows.map(({ cells }) => cells.What).sort()).toEqual(todos.map(({ text }) => text).sort())
    expect((await sync(lab, owner, mirrorId)).writes).toBe(0)
  })
})

describe('a tick in the mirror', () => {
  const tickRow = (owner: Owner, todo: LabTodo, value: boolean) =>
    inNotion({
      op: 'edit_row',
      page_id: pageOf(owner, todo),
      properties: { Done: { type: 'checkbox', value } },
    })

  it('ticks the to-do where that is wished, once, and keeps both in step', async () => {
    const todo = { notionId: randomUUID(), text: 'Water the plants' }
    const { owner, mirrorId } = await mirrored([todo, ...manyTodos(3)], { tickBack: true })
    tickRow(owner, todo, true)
    const { mirror } = await sync(lab, owner, mirrorId, { full: false })
    expect(mirror.result).toMatchObject({ tickedBack: 1, conflicts: 0, updated: 1 })
    expect(await checkedHere(owner, todo)).toBe(true)
    expect(
      rowsInNotion(lab, owner).find(({ cells }) => cells['To-do ID'] === todo.notionId)?.cells,
    ).toMatchObject({
      Done: true,
      Status: 'Done',
    })
    const { rows } = await lab.pool.query(
      'select source, after_checked from public.todo_change where user_id = $1',
      [owner.userId],
    )
    expect(rows).toEqual([{ source: 'mirror', after_checked: true }])
    const again = await sync(lab, owner, mirrorId, { full: false })
    expect([again.writes, again.mirror.result?.tickedBack]).toEqual([0, 0])
  })

  it('gives way to a to-do that changed as well, and that is said', async () => {
    const todo = { notionId: randomUUID(), text: 'Water the plants' }
    const { owner, mirrorId } = await mirrored([todo], { tickBack: true })
    tickRow(owner, todo, true)
    await holdTodos(lab, owner, [{ ...todo, text: 'Water the lawn' }])
    const { mirror } = await sync(lab, owner, mirrorId, { full: false })
    expect(mirror.result).toMatchObject({ tickedBack: 0, conflicts: 1 })
    expect(await checkedHere(owner, todo)).toBe(false)
    expect(found(lab, owner)).toEqual({ [todo.notionId]: ['Water the lawn', false] })
  })

  it('is put back where it is not wished', async () => {
    const todo = { notionId: randomUUID(), text: 'Water the plants' }
    const { owner, mirrorId } = await mirrored([todo])
    tickRow(owner, todo, true)
    await sync(lab, owner, mirrorId)
    expect(await checkedHere(owner, todo)).toBe(false)
    expect(found(lab, owner)).toEqual(wanted([todo]))
  })
})

describe('a database that', () => {
  it('was deleted is said to be missing, and made again only when asked for', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    const [old] = databasesOn(lab, owner)
    inNotion({ op: 'trash', id: old?.id ?? '' })
    const { mirror } = await sync(lab, owner, mirrorId)
    expect(mirror).toMatchObject({ state: 'missing', code: 'NOTION_DATABASE_NOT_FOUND' })
    expect(await requestMirrorRun(lab.context.db, mirrorId, false)).toBe(false)
    expect(databasesOn(lab, owner)).toEqual([])

    const second = await makeMirror(lab, owner)
    await sync(lab, owner, second)
    expect(databasesOn(lab, owner)).toHaveLength(1)
    expect(found(lab, owner)).toEqual(wanted(todos))
    expect(await listMirrors(lab.context.db, owner.userId)).toHaveLength(1)
  })

  it('was restored is found again', async () => {
    const { owner, mirrorId } = await mirrored(manyTodos(3))
    const [database] = databasesOn(lab, owner)
    inNotion({ op: 'trash', id: database?.id ?? '' })
    await sync(lab, owner, mirrorId)
    inNotion({ op: 'restore', id: database?.id ?? '' })
    expect((await sync(lab, owner, mirrorId)).mirror.state).toBe('ready')
  })

  it.each(['live', 'missing', 'stopped'])(
    'is a mirror is never a source, not even when it is %s',
    async (state) => {
      const todos = manyTodos(3)
      const { owner } = await mirrored(todos)
      const { id } = sourceOf(owner)
      await lab.pool.query('update public.mirror set state = $2 where user_id = $1', [owner.userId, state])
      await refreshDatabases(lab.context, owner.connectionId)
      const { rows } = await lab.pool.query(
        'select 1 from public.notion_database where data_source_id = $1',
        [id],
      )
      expect(rows).toEqual([])
      expect(await createTodoList(lab.context.db, owner.userId, 'Of itself', [id])).toBeNull()
    },
  )

  it('was read before it was known to be a mirror leaves, with its to-dos', async () => {
    const { owner, mirrorId } = await mirrored(manyTodos(2))
    const { id } = sourceOf(owner)
    await lab.pool.query(
      'update public.mirror set data_source_id = null, notion_database_id = null where id = $1',
      [mirrorId],
    )
    await refreshDatabases(lab.context, owner.connectionId)
    expect(await createTodoList(lab.context.db, owner.userId, 'Of itself', [id])).not.toBeNull()
    await lab.pool.query('update public.mirror set create_attempted_at = now() where id = $1', [mirrorId])
    await sync(lab, owner, mirrorId)
    expect(databasesOn(lab, owner)).toHaveLength(1)
    const { rows } = await lab.pool.query(
      `select 1 from public.notion_database where data_source_id = $1
       union all select 1 from public.todo_list_source s join public.notion_database d on d.id = s.database_id
       where d.data_source_id = $1`,
      [id],
    )
    expect(rows).toEqual([])
  })
})

describe('a workspace that', () => {
  it('takes no more content is told by its own reason, is asked once, and what is there stays in step', async () => {
    const todos = manyTodos(10)
    const { owner, mirrorId } = await mirrored(todos)
    const [first = { notionId: '' }, ...others] = todos
    const changed = [{ ...first, text: 'Changed' }, ...others]
    const more = [...changed, ...manyTodos(50)]
    await holdTodos(lab, owner, more)
    lab.notion.world.faults.add({
      method: 'POST',
      path: '/v1/pages',
      times: null,
      what: { kind: 'status', status: 403, message: 'Your workspace has reached its block limit.' },
    })
    const { mirror, asked } = await sync(lab, owner, mirrorId)
    expect(mirror).toMatchObject({ state: 'failed', code: 'NOTION_PLAN_LIMIT' })
    expect(mirror.result).toMatchObject({ updated: 1, errors: [{ code: 'NOTION_PLAN_LIMIT', count: 50 }] })
    expect(asked.filter((request) => request === 'POST /v1/pages').length).toBeLessThanOrEqual(6)
    expect(found(lab, owner)).toEqual(wanted(changed))
    lab.notion.world.faults.clear()
    expect((await sync(lab, owner, mirrorId)).mirror.result).toMatchObject({ created: 50, errors: [] })
    expect(found(lab, owner)).toEqual(wanted(more))
  })

  it('is disconnected pauses its mirrors', async () => {
    const { owner, mirrorId } = await mirrored(manyTodos(2))
    const { userId, connectionId } = owner
    await disconnect(lab.context, { userId, connectionId, lists: 'freeze' })
    const [mirror] = await listMirrors(lab.context.db, userId, mirrorId)
    expect(mirror?.state).toBe('paused')
    expect(await requestMirrorRun(lab.context.db, mirrorId, true)).toBe(false)
  })
})

describe('a mirror', () => {
  it('has nothing to do after a reading that brought nothing new', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    const stale = () => listStaleMirrors(lab.context.db, owner.connectionId)
    expect(await stale()).toEqual([])
    await holdTodos(lab, owner, todos.slice(1))
    expect(await stale()).toEqual([mirrorId])
    await sync(lab, owner, mirrorId, { full: false })
    expect(await stale()).toEqual([])
  })

  it.each(['keep', 'trash'] as const)('can be stopped, and its database: %s', async (database) => {
    const { owner, mirrorId } = await mirrored(manyTodos(2))
    await endMirror(lab.context, owner.userId, mirrorId, database)
    expect(databasesOn(lab, owner)).toHaveLength(database === 'keep' ? 1 : 0)
    expect(await listMirrors(lab.context.db, owner.userId)).toEqual([])
    expect(await requestMirrorRun(lab.context.db, mirrorId, true)).toBe(false)
  })

  it('ends with its list, and its database stays', async () => {
    const { owner, mirrorId } = await mirrored(manyTodos(2))
    await deleteTodoList(lab.context.db, owner.userId, owner.listId)
    expect(await listMirrors(lab.context.db, owner.userId)).toEqual([])
    expect(await requestMirrorRun(lab.context.db, mirrorId, true)).toBe(false)
    expect(databasesOn(lab, owner)).toHaveLength(1)
  })

  it('is made for nobody but the owner of both list and connection', async () => {
    const [owner, other] = [await newOwner(lab), await newOwner(lab)]
    const parent = { id: owner.homePageId, title: 'Home' }
    const attempts = [
      { userId: other.userId, listId: owner.listId, connectionId: other.connectionId },
      { userId: other.userId, listId: other.listId, connectionId: owner.connectionId },
      { userId: (await signUpMember()).id, listId: owner.listId, connectionId: owner.connectionId },
    ]
    for (const attempt of attempts) {
      expect(await createMirror(lab.context.db, { ...attempt, parent, tickBack: false })).toBeNull()
    }
  })

  it('is one a list, however many ask at once', async () => {
    const owner = await newOwner(lab)
    const { userId, listId, connectionId } = owner
    const parent = { id: owner.homePageId, title: 'Home' }
    const made = await Promise.all(
      Array.from({ length: 5 }, () =>
        createMirror(lab.context.db, { userId, listId, connectionId, parent, tickBack: false }),
      ),
    )
    expect(new Set(made.map((mirror) => mirror?.id)).size).toBe(1)
    expect(made.filter((mirror) => mirror?.created)).toHaveLength(1)
  })
})
