import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { ensureColumns } from '#server/notion/mirror-columns'
import { createMirrorDatabase, findMirrorDatabase, trashMirrorDatabase } from '#server/notion/mirror-database'
import type { SeenRow } from '#server/notion/mirror-rows'
import { createRow, findRows, listRows, trashRow, updateRow } from '#server/notion/mirror-rows'
import type { MirroredTodo } from '#shared/todo/mirrored-todo'
import { demoWorkspaces } from '../../sandbox/notion/demo/workspaces.ts'
import { useContract } from './notion/harness.ts'

// R74–R77: every request a mirror makes, held against Notion's own OpenAPI document.

const contract = useContract({ seed: () => demoWorkspaces(new Date('2026-11-20T12:00:00Z')) })

const TODO: MirroredTodo = {
  todoId: randomUUID(),
  text: 'x'.repeat(4_500),
  checked: true,
  due: { start: '2026-12-01T09:00:00+01:00', end: '2026-12-01T10:00:00+01:00', source: 'mention' },
  people: ['Ada, Countess', 'Bob'],
  pageTitle: 'Plan',
  pageUrl: 'https://www.notion.so/plan',
  url: 'https://www.notion.so/plan#1',
  sourceName: 'Tasks, and more',
  createdTime: '2026-01-01T00:00:00.000Z',
  lastEditedTime: '2026-01-02T00:00:00.000Z',
}

it('a mirror is made, found by its marker, filled, looked up, listed, repaired and put away', async () => {
  const client = contract().withToken(await contract().connect())
  const found = await client.search({ filter: { property: 'object', value: 'page' }, query: 'Welcome' })
  const parentPageId = found.results[0]?.id ?? ''
  const mirror = { parentPageId, title: 'Everything', note: 'Kept in step.', marker: randomUUID() }
  const database = await createMirrorDatabase(client, mirror)
  expect(await findMirrorDatabase(client, mirror)).toEqual(database)
  expect(await findMirrorDatabase(client, { parentPageId, marker: randomUUID() })).toBeNull()

  const { dataSourceId, databaseId } = database
  const columns = await ensureColumns(client, dataSourceId, {})
  if (!columns) throw new Error('the columns are gone')
  const table = { dataSourceId, columns: columns.ids }
  const { pageId } = await createRow(client, table, TODO)
  await updateRow(client, table, pageId, { ...TODO, checked: false, due: null, people: [], sourceName: '' })
  expect(await findRows(client, table, [TODO.todoId, randomUUID()])).toMatchObject([
    { pageId, todoId: TODO.todoId, box: false, status: false },
  ])

  await trashRow(client, pageId)
  expect(await findRows(client, table, [TODO.todoId])).toEqual([])
  await trashRow(client, pageId)
  await updateRow(client, table, pageId, TODO, true)
  const rows: SeenRow[] = []
  const signal = new AbortController().signal
  await listRows(client, table, { editedSince: null, signal, onRows: (batch) => void rows.push(...batch) })
  expect(rows).toMatchObject([{ pageId, box: true, status: true }])

  await client.dataSources.update({ data_source_id: dataSourceId, properties: { [columns.ids.page]: null } })
  expect(await ensureColumns(client, dataSourceId, columns.ids)).toMatchObject({ repaired: true })
  expect(await ensureColumns(client, dataSourceId, {})).toMatchObject({ repaired: false })

  await trashMirrorDatabase(client, databaseId)
  await trashMirrorDatabase(client, databaseId)
  expect(await ensureColumns(client, dataSourceId, columns.ids)).toBeNull()
  expect(await findMirrorDatabase(client, mirror)).toBeNull()
})

it('the stand-in refuses names of options with commas, as Notion does', async () => {
  const client = contract().withToken(await contract().connect())
  const found = await client.search({ filter: { property: 'object', value: 'page' }, query: 'Welcome' })
  const mirror = { parentPageId: found.results[0]?.id ?? '', title: 'x', note: 'x', marker: randomUUID() }
  const { dataSourceId } = await createMirrorDatabase(client, mirror)
  await expect(
    client.pages.create({
      parent: { type: 'data_source_id', data_source_id: dataSourceId },
      properties: { People: { multi_select: [{ name: 'Ada, Countess' }] } },
    }),
  ).rejects.toMatchObject({ code: 'validation_error' })
})
