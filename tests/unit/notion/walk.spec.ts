import { describe, expect, it } from 'vitest'
import { readPageBody } from '#server/notion/walk'
import type { FakeReply } from './fake-api'
import { clientFor, errorBody, fakeApi, id, listOf, text } from './fake-api'

interface FakeBlock {
  id: string
  type: string
  has_children: boolean
  [key: string]: unknown
}

let nextId = 100

function block(
  type: string,
  content: object = {},
  children?: FakeBlock[],
): FakeBlock & { children?: FakeBlock[] } {
  nextId += 1
  return {
    object: 'block',
    id: id(nextId),
    type,
    has_children: children !== undefined && children.length > 0,
    last_edited_time: '2026-11-20T10:00:00.000Z',
    in_trash: false,
    [type]: content,
    ...(children ? { children } : {}),
  }
}
const todo = (content: string, children?: FakeBlock[], checked = false) =>
  block('to_do', { rich_text: [text(content)], checked }, children)
const heading = (level: number, content: string, children?: FakeBlock[]) =>
  block(`heading_${level}`, { rich_text: [text(content)] }, children)
const box = (type: string, children: FakeBlock[]) => block(type, {}, children)
const copyOf = (sourceId: string) => ({
  ...block('synced_block', { synced_from: { type: 'block_id', block_id: sourceId } }),
  has_children: true,
})

const PAGE = id(1)

/** Serves a page's tree, a hundred children at a time; extra lists and refusals by id. */
function pageApi(
  blocks: FakeBlock[],
  options: { lists?: Record<string, FakeBlock[]>; refuse?: Record<string, FakeReply> } = {},
) {
  const lists = new Map<string, FakeBlock[]>([[PAGE, blocks], ...Object.entries(options.lists ?? {})])
  const index = (children: FakeBlock[]) => {
    for (const child of children) {
      if (!Array.isArray(child['children'])) continue
      lists.set(child.id, child['children'])
      index(child['children'])
    }
  }
  for (const children of [...lists.values()]) index(children)
  return fakeApi(({ path, query }) => {
    const listId = path.split('/')[2] ?? ''
    const refusal = options.refuse?.[listId]
    if (refusal) return refusal
    const children = lists.get(listId)
    if (!children) return errorBody(404, 'object_not_found')
    const start = Number(query.get('start_cursor') ?? 0)
    const end = start + Number(query.get('page_size'))
    return { json: listOf(children.slice(start, end), end < children.length ? String(end) : null) }
  })
}

async function read(api: ReturnType<typeof fakeApi>) {
  return readPageBody(clientFor(api), PAGE)
}
const texts = (todos: readonly { text: string }[]) => todos.map((found) => found.text)

describe('finding to-dos', () => {
  it('finds them in every kind of container, in document order, each with its place', async () => {
    const api = pageApi([
      todo('first'),
      box('column_list', [box('column', [todo('left')]), box('column', [box('toggle', [todo('right')])])]),
      ...['paragraph', 'quote', 'callout', 'bulleted_list_item', 'numbered_list_item', 'template', 'tab'].map(
        (type) => box(type, [todo(`in ${type}`)]),
      ),
      box('a_type_of_tomorrow', [todo('in the future')]),
      todo('last', [], true),
    ])
    const { todos, completeness } = await read(api)
    expect(texts(todos)).toEqual([
      'first',
      'left',
      'right',
      'in paragraph',
      'in quote',
      'in callout',
      'in bulleted_list_item',
      'in numbered_list_item',
      'in template',
      'in tab',
      'in the future',
      'last',
    ])
    expect(todos.map(({ position }) => position)).toEqual(todos.map((_, index) => index))
    expect(todos.at(-1)?.checked).toBe(true)
    expect(completeness.complete).toBe(true)
  })

  it('nests sub-to-dos under the nearest to-do, through any container between', async () => {
    const inner = todo('inner')
    const middle = todo('middle', [box('toggle', [inner])])
    const outer = todo('outer', [middle])
    const { todos } = await read(pageApi([outer]))
    expect(todos.map(({ text, parentNotionId, depth }) => [text, parentNotionId, depth])).toEqual([
      ['outer', null, 0],
      ['middle', outer.id, 1],
      ['inner', middle.id, 2],
    ])
  })

  it('tells the headings each stands under', async () => {
    const { todos } = await read(
      pageApi([
        todo('none'),
        heading(1, 'Plan'),
        heading(3, 'Details'),
        todo('details'),
        heading(2, 'Week'),
        todo('week'),
        box('toggle', [heading(1, 'Inside'), todo('inside')]),
        todo('week again'),
        heading(4, 'Folded', [todo('folded')]),
        heading(1, ''),
        todo('untitled section'),
      ]),
    )
    expect(Object.fromEntries(todos.map(({ text, headingPath }) => [text, headingPath]))).toEqual({
      none: [],
      details: ['Plan', 'Details'],
      week: ['Plan', 'Week'],
      inside: ['Plan', 'Week', 'Inside'],
      'week again': ['Plan', 'Week'],
      folded: ['Plan', 'Week', 'Folded'],
      'untitled section': [],
    })
  })

  it('reads due date, people and tags out of the text', async () => {
    const rich = [
      text('Call '),
      { ...text('@Ada'), type: 'mention', mention: { type: 'user', user: { id: id(7), name: 'Ada' } } },
      text(' #phone '),
      {
        ...text('soon'),
        type: 'mention',
        mention: { type: 'date', date: { start: '2026-11-30', end: null } },
      },
    ]
    const { todos } = await read(pageApi([block('to_do', { rich_text: rich, checked: false })]))
    expect(todos[0]).toMatchObject({
      text: 'Call @Ada #phone soon',
      due: { start: '2026-11-30', source: 'mention' },
      people: [{ id: id(7), name: 'Ada' }],
      tags: ['phone'],
    })
  })

  it('names child pages and databases without entering them', async () => {
    const child = { ...block('child_page', { title: 'Sub' }), has_children: true }
    const base = block('child_database', { title: 'Base' })
    const api = pageApi([box('toggle', [child]), base])
    const reading = await read(api)
    expect(reading.childPages).toEqual([{ id: child.id, title: 'Sub' }])
    expect(reading.childDatabases).toEqual([{ id: base.id, title: 'Base' }])
    expect(api.requests).toHaveLength(2)
  })

  it('reads the summary and the notes of a meeting, not its transcript', async () => {
    const [summary, notes, transcript] = [id(11), id(12), id(13)]
    const children = { summary_block_id: summary, notes_block_id: notes, transcript_block_id: transcript }
    const meeting = { ...block('meeting_notes', { children }), has_children: true }
    const api = pageApi([meeting, todo('after')], {
      lists: { [summary]: [todo('action')], [notes]: [todo('note')], [transcript]: [todo('spoken')] },
    })
    expect(texts((await read(api)).todos)).toEqual(['action', 'note', 'after'])
  })
})

describe('synced copies', () => {
  it('counts what stands on the page once, where it stands, even if the copy comes first', async () => {
    const original = block('synced_block', { synced_from: null }, [todo('shared')])
    const api = pageApi([copyOf(original.id), heading(1, 'Home'), original, copyOf(original.id)])
    const { todos, completeness } = await read(api)
    expect(todos.map(({ text, headingPath, viaCopy }) => [text, headingPath, viaCopy])).toEqual([
      ['shared', ['Home'], false],
    ])
    expect(completeness).toMatchObject({ copies: 2, complete: true, requests: 2 })
  })

  it('reads a copy of something on another page, once', async () => {
    const source = id(20)
    const api = pageApi([copyOf(source), copyOf(source)], {
      lists: { [source]: [todo('elsewhere', [todo('below')])] },
    })
    const { todos } = await read(api)
    expect(todos.map(({ text, viaCopy }) => [text, viaCopy])).toEqual([
      ['elsewhere', true],
      ['below', true],
    ])
    expect(api.requests).toHaveLength(3)
  })

  it('is not caught in a circle of copies', async () => {
    const [one, other] = [id(30), id(31)]
    const api = pageApi([copyOf(one)], {
      lists: {
        [one]: [todo('a', [copyOf(other)]), todo('c')],
        [other]: [todo('b'), copyOf(one), copyOf(PAGE)],
      },
    })
    const { todos } = await read(api)
    expect(texts(todos)).toEqual(['a', 'b', 'c'])
    expect(todos.map(({ depth }) => depth)).toEqual([0, 1, 0])
  })

  it('names a copy of something never shared: the page is incomplete, but what left it may go', async () => {
    const source = id(40)
    const { completeness } = await read(pageApi([copyOf(source), todo('mine')]))
    expect(completeness).toMatchObject({
      complete: false,
      safeToRemove: true,
      unreadable: [{ id: source, reason: 'not_shared' }],
    })
  })
})

describe('the account', () => {
  it('says what was seen and what Notion cannot show', async () => {
    const unsupported = block('unsupported', { block_type: 'form' })
    const { completeness } = await read(pageApi([todo('a', [todo('b')]), unsupported, block('divider')]))
    expect(completeness).toEqual({
      complete: true,
      safeToRemove: true,
      blocksSeen: 4,
      containersOpened: 1,
      requests: 2,
      unsupported: [{ id: unsupported.id, type: 'form' }],
      unreadable: [],
      truncated: false,
      copies: 0,
    })
  })

  it.each<[FakeReply, string]>([
    [errorBody(404, 'object_not_found'), 'failed'],
    [errorBody(403, 'restricted_resource'), 'access_denied'],
    [errorBody(400, 'validation_error'), 'failed'],
    [{ json: { object: 'list', results: [null], next_cursor: null, has_more: false } }, 'failed'],
  ])('a part that cannot be read leaves the rest, and the page incomplete (%#)', async (refusal, reason) => {
    const closed = box('toggle', [todo('hidden')])
    const { todos, completeness } = await read(
      pageApi([todo('seen'), closed, todo('also seen')], { refuse: { [closed.id]: refusal } }),
    )
    expect(texts(todos)).toEqual(['seen', 'also seen'])
    expect(completeness).toMatchObject({
      complete: false,
      safeToRemove: false,
      unreadable: [{ id: closed.id, reason }],
    })
  })

  it.each<[string, object]>([
    ['without its content', { to_do: undefined }],
    ['without its state', { to_do: { rich_text: [] } }],
    ['of which only the id is given', { type: undefined }],
  ])('a to-do %s makes the page incomplete instead of vanishing', async (_name, damage) => {
    const damaged = { ...todo('damaged'), ...damage }
    const { todos, completeness } = await read(pageApi([damaged, todo('whole')]))
    expect(texts(todos)).toEqual(['whole'])
    expect(completeness).toMatchObject({
      complete: false,
      unreadable: [{ id: damaged.id, reason: 'malformed' }],
    })
  })

  it('a list that says there is more and gives no way on is truncated', async () => {
    const api = fakeApi(() => ({ json: { ...listOf([todo('a')]), has_more: true } }))
    const { todos, completeness } = await read(api)
    expect(texts(todos)).toEqual(['a'])
    expect(completeness).toMatchObject({ complete: false, safeToRemove: false, truncated: true })
  })

  it('a cursor that leads in a circle is truncated, not followed for ever', async () => {
    const api = fakeApi(() => ({ json: listOf([todo('a')], 'again') }))
    expect((await read(api)).completeness).toMatchObject({ complete: false, truncated: true })
  })

  it('reads a list again from its start when Notion forgets a cursor', async () => {
    const many = Array.from({ length: 250 }, (_, n) => todo(`t${n}`))
    const pages = pageApi(many)
    let forgets = 1
    const api = fakeApi(async (request) => {
      if (request.query.get('start_cursor') === '200' && forgets-- > 0) {
        const message = 'The start_cursor provided is invalid: 200'
        return { status: 400, json: { object: 'error', status: 400, code: 'validation_error', message } }
      }
      const url = `http://notion.test/v1${request.path}?${request.query}`
      return { json: await (await pages.fetch(url)).json() }
    })
    const { todos, completeness } = await read(api)
    expect(texts(todos)).toEqual(many.map((_, n) => `t${n}`))
    expect(completeness).toMatchObject({ complete: true, requests: 6 })
  })

  it.each([401, 429])('a %i is about everything and ends the reading', async (status) => {
    const blocked = errorBody(status, 'unauthorized', {
      additional_data: { rate_limit_reason: 'public_api_request_blocked' },
    })
    const closed = box('toggle', [todo('hidden')])
    const failed = read(pageApi([closed], { refuse: { [closed.id]: blocked } }))
    await expect(failed).rejects.toMatchObject({ name: 'NotionError' })
  })

  it('a page that is gone is an error, not an empty page', async () => {
    await expect(read(fakeApi(() => errorBody(404, 'object_not_found')))).rejects.toMatchObject({
      kind: 'not_found',
    })
  })

  it('stops when asked to', async () => {
    const abort = new AbortController()
    const api = pageApi([box('toggle', [todo('a')])])
    const stopping = fakeApi(async (request) => {
      abort.abort()
      return { json: await (await api.fetch(`http://notion.test/v1${request.path}?${request.query}`)).json() }
    })
    const reading = readPageBody(clientFor(stopping), PAGE, { signal: abort.signal })
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' })
    expect(stopping.requests).toHaveLength(1)
  })
})

describe('requests', () => {
  it.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])('%i blocks cost %i', async (blocks, requests) => {
    const api = pageApi(Array.from({ length: blocks }, () => block('paragraph')))
    expect((await read(api)).completeness.requests).toBe(requests)
    expect(api.requests).toHaveLength(requests)
  })

  it('at most four lists are read at the same time', async () => {
    let running = 0
    let most = 0
    const pages = pageApi(Array.from({ length: 20 }, (_, n) => box('toggle', [todo(`t${n}`)])))
    const api = fakeApi(async ({ path, query }) => {
      most = Math.max(most, (running += 1))
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return { json: await (await pages.fetch(`http://notion.test/v1${path}?${query}`)).json() }
    })
    expect((await read(api)).todos).toHaveLength(20)
    expect(most).toBe(4)
  })
})
