import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyListing, listOwedPages, trashPage } from '../../../server/db/pages.ts'
import type { Workspace } from '../../support/database.ts'
import {
  addDatabase,
  makeWorkspace,
  openServiceDb,
  pageRecord,
  signUpMember,
  startRun,
  todoRecord,
} from '../../support/database.ts'
import { listPage, readPage, storedPage, storedTodo } from './stored.ts'

const db = openServiceDb()
let workspace: Workspace
beforeAll(async () => {
  workspace = await makeWorkspace(db, (await signUpMember()).id)
})

describe('what a body holds', () => {
  it('is stored in document order, whole', async () => {
    const page = await listPage(db, workspace)
    const todos = [2, 0, 1].map((position) =>
      todoRecord({
        position,
        text: `to-do ${position}`,
        headingPath: ['Week', 'Monday'],
        people: [{ id: randomUUID(), name: 'Ada' }],
        tags: ['home'],
      }),
    )
    await readPage(db, workspace, page, todos)
    for (const todo of todos) {
      expect(await storedTodo(db, todo.notionId)).toMatchObject({
        user_id: workspace.userId,
        database_id: workspace.databaseId,
        text: todo.text,
        position: todo.position,
        heading_path: todo.headingPath,
        people: todo.people,
        tags: todo.tags,
        write_state: 'saved',
        removed_at: null,
      })
    }
  })

  it('names parents, also when the order turns round, and forgets one it lost', async () => {
    const page = await listPage(db, workspace)
    const parent = todoRecord()
    const child = todoRecord({ parentNotionId: parent.notionId, depth: 1 })
    await readPage(db, workspace, page, [child, parent])
    expect((await storedTodo(db, child.notionId)).parent_id).toBe((await storedTodo(db, parent.notionId)).id)
    const before = await storedTodo(db, child.notionId)
    await readPage(db, workspace, page, [parent, { ...child, parentNotionId: null, depth: 0 }])
    const after = await storedTodo(db, child.notionId)
    expect(after.parent_id).toBeNull()
    expect(after.seq).toBeGreaterThan(before.seq)
  })

  it('is stored once when one body shows a to-do twice: the original wins over its copy', async () => {
    const page = await listPage(db, workspace)
    const original = todoRecord({ text: 'original', position: 1 })
    await readPage(db, workspace, page, [{ ...original, viaCopy: true, text: 'copy', position: 0 }, original])
    expect(await storedTodo(db, original.notionId)).toMatchObject({ text: 'original', via_copy: false })
  })

  it('unchanged is no change: nothing is sent to the browser again', async () => {
    const page = await listPage(db, workspace)
    const parent = todoRecord()
    const child = todoRecord({ parentNotionId: parent.notionId, due: { date: '2026-02-01' } as never })
    await readPage(db, workspace, page, [parent, child])
    const before = await Promise.all([parent, child].map((todo) => storedTodo(db, todo.notionId)))
    await readPage(db, workspace, page, [parent, child])
    const after = await Promise.all([parent, child].map((todo) => storedTodo(db, todo.notionId)))
    expect(after).toEqual(before)
  })

  it('changed is a change of just that to-do', async () => {
    const page = await listPage(db, workspace)
    const [one, two] = [todoRecord(), todoRecord()]
    await readPage(db, workspace, page, [one, two])
    const before = await storedTodo(db, two.notionId)
    await readPage(db, workspace, page, [{ ...one, text: 'Water the cactus' }, two])
    expect((await storedTodo(db, one.notionId)).seq).toBeGreaterThan(before.seq)
    expect((await storedTodo(db, two.notionId)).seq).toBe(before.seq)
  })
})

describe('what left', () => {
  it('is removed by a complete read, and comes back with the next that has it', async () => {
    const page = await listPage(db, workspace)
    const [stays, leaves] = [todoRecord(), todoRecord()]
    await readPage(db, workspace, page, [stays, leaves])
    const before = await storedTodo(db, leaves.notionId)
    await readPage(db, workspace, page, [stays])
    const gone = await storedTodo(db, leaves.notionId)
    expect(gone.removed_at).not.toBeNull()
    expect(gone.seq).toBeGreaterThan(before.seq)
    expect((await storedTodo(db, stays.notionId)).removed_at).toBeNull()
    await readPage(db, workspace, page, [stays, leaves])
    const back = await storedTodo(db, leaves.notionId)
    expect(back).toMatchObject({ id: before.id, removed_at: null })
    expect(back.seq).toBeGreaterThan(gone.seq)
  })

  it('stays after an incomplete read, however little that found', async () => {
    const page = await listPage(db, workspace)
    const todos = [todoRecord(), todoRecord()]
    await readPage(db, workspace, page, todos)
    await readPage(db, workspace, page, [], false)
    for (const todo of todos) expect((await storedTodo(db, todo.notionId)).removed_at).toBeNull()
    expect((await storedPage(db, page)).complete).toBe(false)
  })

  it('of one page does not touch another', async () => {
    const [here, there] = [await listPage(db, workspace), await listPage(db, workspace)]
    const todo = todoRecord()
    await readPage(db, workspace, there, [todo])
    await readPage(db, workspace, here, [])
    expect((await storedTodo(db, todo.notionId)).removed_at).toBeNull()
  })

  it('leaves with its page, once, and is walked anew when the page comes back unedited', async () => {
    const page = await listPage(db, workspace)
    const todo = todoRecord()
    await readPage(db, workspace, page, [todo])
    await trashPage(db, workspace.connectionId, page)
    const gone = await storedTodo(db, todo.notionId)
    expect(gone.removed_at).not.toBeNull()
    await trashPage(db, workspace.connectionId, page)
    expect(await storedTodo(db, todo.notionId)).toEqual(gone)

    workspace.jobId = await startRun(db, workspace.connectionId, workspace.jobId)
    await listPage(db, workspace, { notionPageId: page })
    const owed = await listOwedPages(db, workspace.jobId, 100)
    expect(owed.filter(({ notionPageId }) => notionPageId === page)).toHaveLength(1)
  })
})

describe('synced copies', () => {
  it('do not take a to-do away from its page, even when they are read last', async () => {
    const [original, copy] = [await listPage(db, workspace), await listPage(db, workspace)]
    const todo = todoRecord()
    await readPage(db, workspace, original, [todo])
    const before = await storedTodo(db, todo.notionId)
    await readPage(db, workspace, copy, [{ ...todo, viaCopy: true, text: 'as the copy has it', position: 7 }])
    expect(await storedTodo(db, todo.notionId)).toEqual(before)
  })

  it('give a to-do to its page when that is read last, and do not take it along when they go', async () => {
    const [original, copy] = [await listPage(db, workspace), await listPage(db, workspace)]
    const todo = todoRecord()
    await readPage(db, workspace, copy, [{ ...todo, viaCopy: true }])
    expect((await storedTodo(db, todo.notionId)).page_id).toBe((await storedPage(db, copy)).id)
    await readPage(db, workspace, original, [todo])
    const moved = await storedTodo(db, todo.notionId)
    expect(moved).toMatchObject({ page_id: (await storedPage(db, original)).id, via_copy: false })
    await readPage(db, workspace, copy, [])
    expect(await storedTodo(db, todo.notionId)).toEqual(moved)
  })

  it('keep a to-do whose original left', async () => {
    const [original, copy] = [await listPage(db, workspace), await listPage(db, workspace)]
    const todo = todoRecord()
    await readPage(db, workspace, original, [todo])
    await trashPage(db, workspace.connectionId, original)
    await readPage(db, workspace, copy, [{ ...todo, viaCopy: true }])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({
      page_id: (await storedPage(db, copy)).id,
      removed_at: null,
    })
  })
})

describe('listed pages', () => {
  it('pass a new title or icon on to their to-dos', async () => {
    const page = await listPage(db, workspace, { title: 'Before' })
    const todo = todoRecord()
    await readPage(db, workspace, page, [todo])
    const before = await storedTodo(db, todo.notionId)
    await listPage(db, workspace, { notionPageId: page, title: 'Before' })
    expect(await storedTodo(db, todo.notionId)).toEqual(before)
    await listPage(db, workspace, { notionPageId: page, title: 'After' })
    expect((await storedTodo(db, todo.notionId)).seq).toBeGreaterThan(before.seq)
  })

  it('take their to-dos along to another database', async () => {
    const page = await listPage(db, workspace)
    const todo = todoRecord()
    await readPage(db, workspace, page, [todo])
    const { databaseId } = await addDatabase(db, workspace.connectionId)
    await listPage(db, { ...workspace, databaseId }, { notionPageId: page })
    expect((await storedTodo(db, todo.notionId)).database_id).toBe(databaseId)
  })

  it('met again as a child page in the same run stay rows of their database', async () => {
    const page = await listPage(db, workspace, { title: 'A row' })
    const { databaseId } = await addDatabase(db, workspace.connectionId)
    const asChild = { notionPageId: page, isRow: false, parentNotionId: randomUUID(), title: 'A child' }
    await listPage(db, { ...workspace, databaseId }, { ...asChild, lastEditedTime: null })
    expect(await storedPage(db, page)).toMatchObject({
      database_id: workspace.databaseId,
      is_row: true,
      title: 'A row',
    })
  })

  it('named twice in one answer are stored once', async () => {
    const page = pageRecord()
    await applyListing(db, workspace.jobId, workspace.databaseId, [page, { ...page, title: 'Newer' }])
    expect((await storedPage(db, page.notionPageId)).title).toBe('Newer')
  })
})

describe('rows that are to-dos', () => {
  it('come with the listing, leave when they no longer count, and come back', async () => {
    const member = await signUpMember()
    const rows = await makeWorkspace(db, member.id, { boxes: false, rows: true })
    const page = pageRecord()
    const todo = todoRecord({ notionId: page.notionPageId, kind: 'row', position: -1 })
    await applyListing(db, rows.jobId, rows.databaseId, [{ ...page, todo }])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ kind: 'row', removed_at: null })

    await applyListing(db, rows.jobId, rows.databaseId, [page])
    expect((await storedTodo(db, todo.notionId)).removed_at).not.toBeNull()
    await applyListing(db, rows.jobId, rows.databaseId, [{ ...page, todo }])
    expect((await storedTodo(db, todo.notionId)).removed_at).toBeNull()

    await db.from('notion_database').update({ count_rows: false }).eq('id', rows.databaseId)
    await applyListing(db, rows.jobId, rows.databaseId, [])
    expect((await storedTodo(db, todo.notionId)).removed_at).not.toBeNull()
  })

  it('are not removed by the walk of their body', async () => {
    const rows = await makeWorkspace(db, (await signUpMember()).id, { boxes: true, rows: true })
    const page = pageRecord()
    const todo = todoRecord({ notionId: page.notionPageId, kind: 'row', position: -1 })
    await applyListing(db, rows.jobId, rows.databaseId, [{ ...page, todo }])
    await readPage(db, rows, page.notionPageId, [])
    expect((await storedTodo(db, todo.notionId)).removed_at).toBeNull()
  })
})
