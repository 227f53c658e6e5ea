import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { finishListing } from '../../../server/db/listings.ts'
import { applyListing, listOwedPages } from '../../../server/db/pages.ts'
import { finishSyncJob, startSyncJob } from '../../../server/db/sync-jobs.ts'
import type { Workspace } from '../../support/database.ts'
import {
  makeWorkspace,
  openServiceDb,
  pageRecord,
  signUpMember,
  startRun,
  todoRecord,
} from '../../support/database.ts'
import { listPage, readPage, storedJob } from './stored.ts'

const db = openServiceDb()
let workspace: Workspace
beforeEach(async () => {
  workspace = await makeWorkspace(db, (await signUpMember()).id)
})

const unread = () => listOwedPages(db, workspace.jobId, 100)
const listingEnds = () =>
  finishListing(db, workspace.jobId, workspace.databaseId, [], {
    whole: true,
    startedAt: new Date(),
    requests: 1,
  })

describe('progress of a run', () => {
  it('counts a page once, however often it is listed and read', async () => {
    const pages = [pageRecord(), pageRecord(), pageRecord()]
    for (let time = 0; time < 2; time++) await applyListing(db, workspace.jobId, workspace.databaseId, pages)
    expect(await storedJob(db, workspace.jobId)).toMatchObject({ pages_done: 0, pages_total: 3 })
    const [first = pageRecord()] = pages
    for (let time = 0; time < 2; time++) await readPage(db, workspace, first.notionPageId, [todoRecord()])
    await listingEnds()
    expect(await storedJob(db, workspace.jobId)).toMatchObject({
      pages_done: 1,
      pages_total: 3,
      requests_used: 3,
    })
    expect(await unread()).toHaveLength(2)
  })

  it('counts a page once when it is read several times at the same time', async () => {
    const page = await listPage(db, workspace)
    await Promise.all(Array.from({ length: 10 }, () => readPage(db, workspace, page, [todoRecord()], false)))
    expect(await storedJob(db, workspace.jobId)).toMatchObject({
      pages_done: 1,
      pages_total: 1,
      requests_used: 10,
    })
  })

  it('never says more is done than there is to do', async () => {
    const page = await listPage(db, workspace)
    await db.from('integration_sync_jobs').update({ pages_total: 0 }).eq('id', workspace.jobId)
    await readPage(db, workspace, page, [])
    expect(await storedJob(db, workspace.jobId)).toMatchObject({ pages_done: 1, pages_total: 1 })
  })

  it('counts a page that need not be walked as done, and leaves its child pages alone', async () => {
    const parent = await listPage(db, workspace)
    const child = await listPage(db, workspace, {
      isRow: false,
      parentNotionId: parent,
      lastEditedTime: null,
    })
    await readPage(db, workspace, parent, [])
    await readPage(db, workspace, child, [])
    workspace.jobId = await startRun(db, workspace.connectionId, workspace.jobId)
    await listPage(db, workspace, { notionPageId: parent })
    await listingEnds()
    expect(await storedJob(db, workspace.jobId)).toMatchObject({ pages_done: 1, pages_total: 1 })
    expect(await unread()).toEqual([])
  })

  it('counts rows whose bodies are not read as nothing to do', async () => {
    workspace = await makeWorkspace(db, workspace.userId, { boxes: false, rows: true })
    const notionPageId = randomUUID()
    const todo = todoRecord({ notionId: notionPageId, kind: 'row' })
    await listPage(db, workspace, { notionPageId, todo })
    expect(await storedJob(db, workspace.jobId)).toMatchObject({ pages_done: 0, pages_total: 0 })
  })
})

describe('a run', () => {
  it('is joined while it is live, by any number at the same time', async () => {
    await finishSyncJob(db, workspace.jobId, { state: 'done', complete: true })
    const started = await Promise.all(
      Array.from({ length: 10 }, () => startSyncJob(db, workspace.connectionId, false)),
    )
    expect(started.filter((run) => run?.created)).toHaveLength(1)
    expect(new Set(started.map((run) => run?.jobId)).size).toBe(1)
  })

  it('is always there to join or to start, even when the one before is just ending', async () => {
    for (let round = 0; round < 25; round++) {
      const [started] = await Promise.all([
        startSyncJob(db, workspace.connectionId, false),
        finishSyncJob(db, workspace.jobId, { state: 'done', complete: true }),
      ])
      expect(started).not.toBeNull()
      const next = started?.created ? started : await startSyncJob(db, workspace.connectionId, false)
      workspace.jobId = next?.jobId ?? 0
    }
  })

  it('is not started for a connection that is gone', async () => {
    await finishSyncJob(db, workspace.jobId, { state: 'done', complete: true })
    await db
      .from('notion_access_token_user')
      .update({ deleted_at: new Date().toISOString() })
      .eq('id', workspace.connectionId)
    expect(await startSyncJob(db, workspace.connectionId, false)).toBeNull()
    expect(await startSyncJob(db, 0, false)).toBeNull()
  })
})
