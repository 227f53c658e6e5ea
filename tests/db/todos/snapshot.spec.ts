import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTodoList, deleteTodoList } from '../../../server/db/todo-lists.ts'
import { listTodosOf } from '../../../server/todos/list.ts'
import { snapshotJson } from '../../../server/todos/snapshot.ts'
import type { SnapshotReply } from '../../../shared/schemas/snapshot.ts'
import { SnapshotReplySchema } from '../../../shared/schemas/snapshot.ts'
import type { TodosReply } from '../../../shared/schemas/todo.ts'
import { expandReply } from '../../../shared/todo/snapshot.ts'
import type { Member, Workspace } from '../../support/database.ts'
import {
  addDatabase,
  makeWorkspace,
  openPostgres,
  openServiceDb,
  signUpMember,
  todoRecord,
} from '../../support/database.ts'
import { listPage, readPage } from './stored.ts'

const service = openServiceDb()
const pool = openPostgres()
let member: Member
let workspace: Workspace

beforeAll(async () => {
  member = await signUpMember()
  workspace = await makeWorkspace(service, member.id)
  await fill(workspace, 3)
})
afterAll(() => pool.end())

/** A page with to-dos of every kind and look. */
async function fill(target: Workspace, count: number): Promise<void> {
  const page = await listPage(service, target, { icon: { type: 'emoji', emoji: '🧭' }, title: 'A "page"' })
  const parent = todoRecord({ text: 'Parent', richText: [{ text: 'Parent' }] })
  const children = Array.from({ length: count }, (_, index) =>
    todoRecord({
      parentNotionId: parent.notionId,
      position: index,
      depth: 1,
      text: `Line\nof “${index}”`,
      richText: [{ text: 'Line', bold: true }, { text: `\nof “${index}”` }],
      checked: index % 2 === 0,
      headingPath: index === 0 ? [] : ['Week', 'Monday'],
      due: index === 1 ? { start: '2026-11-20', source: 'mention' } : null,
      people: index === 2 ? [{ id: randomUUID(), name: 'Ada' }] : [],
      tags: ['home', 'work'].slice(0, index % 3),
    }),
  )
  await readPage(service, target, page, [parent, ...children])
}

async function ask(cursor?: string): Promise<ReturnType<typeof expandReply> & { raw: SnapshotReply }> {
  const request = { userId: member.id, cursor }
  const { json } = await snapshotJson({ service, user: member.db }, request, () => Promise.resolve([]))
  const raw = SnapshotReplySchema.parse(JSON.parse(json))
  return { ...expandReply(raw), raw }
}

const byId = (reply: Pick<TodosReply, 'todos'>) => [...reply.todos].sort((a, b) => a.id - b.id)

describe('the snapshot', () => {
  it('is what GET /api/todos answers, in fewer words', async () => {
    const listed = await listTodosOf(member.db, { userId: member.id })
    const snapshot = await ask()
    expect(snapshot.todos.length).toBe(4)
    expect(byId(snapshot)).toEqual(listed.todos)
    expect(snapshot).toMatchObject({ seq: listed.seq, sync: listed.sync, removed: [], whole: true })
    expect(snapshot.raw.snapshot.pages.title).toEqual(['A "page"'])
  })

  it('is empty for somebody who has nothing, and holds nothing of anybody else', async () => {
    const stranger = await signUpMember()
    const { json } = await snapshotJson({ service, user: stranger.db }, { userId: stranger.id }, () =>
      Promise.resolve([]),
    )
    const reply = expandReply(SnapshotReplySchema.parse(JSON.parse(json)))
    expect(reply).toMatchObject({ todos: [], removed: [], whole: true })
  })

  it('says where ticks stand', async () => {
    await pool.query(
      `update public.todo set write_state = 'waiting', checked = true, seq = public.next_change_seq(user_id)
       where user_id = $1 and text = 'Parent'`,
      [member.id],
    )
    const listed = await listTodosOf(member.db, { userId: member.id })
    expect(byId(await ask())).toEqual(listed.todos)
    expect(listed.todos.filter(({ write }) => write.state === 'waiting')).toHaveLength(1)
  })
})

describe('asked with a cursor', () => {
  let before: Awaited<ReturnType<typeof ask>>
  beforeEach(async () => (before = await ask()))

  it('answers nothing when nothing has changed', async () => {
    expect(await ask(before.cursor)).toMatchObject({ whole: false, todos: [], removed: [], seq: before.seq })
  })

  it('answers what is new and what has gone, as GET /api/todos does', async () => {
    await fill(workspace, 1)
    const gone = before.todos[1]?.id ?? 0
    await pool.query(
      'update public.todo set removed_at = now(), seq = public.next_change_seq(user_id) where id = $1',
      [gone],
    )
    const delta = await ask(before.cursor)
    const listed = await listTodosOf(member.db, { userId: member.id, since: before.seq })
    expect(delta).toMatchObject({ whole: false, removed: [gone], seq: listed.seq })
    expect(byId(delta)).toEqual(listed.todos)
    expect(delta.todos).toHaveLength(2)
  })

  it('answers everything after other databases were chosen', async () => {
    const other = await addDatabase(service, workspace.connectionId)
    const list = await createTodoList(service, member.id, 'Another', [other.dataSourceId])
    const changed = await ask(before.cursor)
    expect(changed.whole).toBe(true)
    await deleteTodoList(service, member.id, list ?? 0)
    expect((await ask(changed.cursor)).whole).toBe(true)
  })

  it('answers everything when removals since are forgotten, or the counter never was that far', async () => {
    const ahead = before.cursor.replace(/^\d+/, String(before.seq + 1))
    expect((await ask(ahead)).whole).toBe(true)
    await pool.query('update public.profiles set pruned_seq = $2 where id = $1', [member.id, before.seq + 1])
    expect((await ask(before.cursor)).whole).toBe(true)
  })
})
