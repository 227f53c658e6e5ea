import { describe, expect, it } from 'vitest'
import type { DoneProperty } from '#server/notion/reading'
import { setBlockChecked, setRowDone } from '#server/notion/write'
import { clientFor, errorBody, fakeApi, id } from './fake-api'

const time = '2026-11-20T10:00:00.000Z'
const block = (checked: boolean, extra: object = {}) => ({
  object: 'block',
  id: id(1),
  type: 'to_do',
  last_edited_time: time,
  has_children: false,
  in_trash: false,
  to_do: { rich_text: [], checked, color: 'default' },
  ...extra,
})

describe('setBlockChecked', () => {
  it.each([true, false])('sends the state %s and nothing else', async (checked) => {
    const api = fakeApi(() => ({ json: block(checked) }))
    expect(await setBlockChecked(clientFor(api), id(1), checked)).toEqual({
      checked,
      text: '',
      richText: [],
      lastEditedTime: time,
    })
    expect(api.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PATCH', `/blocks/${id(1)}`, { to_do: { checked } }],
    ])
  })

  it.each<[string, object]>([
    ['another state', block(false)],
    ['another block', block(true, { id: id(2) })],
    ['no to-do', block(true, { type: 'paragraph' })],
    ['only an id', { object: 'block', id: id(1) }],
    ['nothing', {}],
  ])('does not believe a reply with %s', async (_name, json) => {
    const ticked = setBlockChecked(clientFor(fakeApi(() => ({ json }))), id(1), true)
    await expect(ticked).rejects.toMatchObject({ kind: 'invalid_reply' })
  })

  it.each([
    [404, 'object_not_found', 'not_found'],
    [403, 'restricted_resource', 'access_denied'],
    [400, 'validation_error', 'invalid_request'],
    [401, 'unauthorized', 'token_invalid'],
  ])('%i is %s', async (status, code, kind) => {
    const ticked = setBlockChecked(clientFor(fakeApi(() => errorBody(status, code))), id(1), true)
    await expect(ticked).rejects.toMatchObject({ name: 'NotionError', kind })
  })
})

describe('setRowDone', () => {
  const status: DoneProperty = {
    id: 'st',
    type: 'status',
    done: 'd1',
    notDone: 'o1',
    completeOptionIds: ['d1', 'd2'],
  }
  const box: DoneProperty = { id: 'cb', type: 'checkbox', done: true, notDone: false }
  const row = (property: object) => ({
    object: 'page',
    id: id(1),
    last_edited_time: time,
    properties: { Any: property },
  })

  it.each<[DoneProperty, boolean, object, object]>([
    [box, true, { checkbox: true }, { id: 'cb', type: 'checkbox', checkbox: true }],
    [box, false, { checkbox: false }, { id: 'cb', type: 'checkbox', checkbox: false }],
    [status, true, { status: { id: 'd1' } }, { id: 'st', type: 'status', status: { id: 'd1' } }],
    [status, false, { status: { id: 'o1' } }, { id: 'st', type: 'status', status: { id: 'o1' } }],
  ])('writes %j %s as %j', async (property, checked, value, answered) => {
    const api = fakeApi(() => ({ json: row(answered) }))
    expect(await setRowDone(clientFor(api), id(1), property, checked)).toEqual({
      checked,
      text: '',
      richText: [],
      lastEditedTime: time,
    })
    expect(api.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PATCH', `/pages/${id(1)}`, { properties: { [property.id]: value } }],
    ])
  })

  it('does not believe a reply with another state', async () => {
    const api = fakeApi(() => ({ json: row({ id: 'cb', type: 'checkbox', checkbox: false }) }))
    await expect(setRowDone(clientFor(api), id(1), box, true)).rejects.toMatchObject({
      kind: 'invalid_reply',
    })
  })
})
