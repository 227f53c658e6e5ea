import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowHash, rowProperties, segments } from '#server/notion/mirror-values'
import { MIRROR_COLUMNS } from '#server/notion/mirror-columns'
import type { ColumnIds } from '#server/notion/mirror-columns'
import type { MirroredTodo } from '#shared/todo/mirrored-todo'

// R77: what Notion takes in one request (notion-api.md §8).

const COLUMNS = Object.fromEntries(MIRROR_COLUMNS.map((key) => [key, key])) as ColumnIds

const TODO: MirroredTodo = {
  todoId: '00000000-0000-4000-8000-000000000001',
  text: 'Water the plants',
  checked: false,
  due: null,
  people: [],
  pageTitle: 'Plan',
  pageUrl: 'https://www.notion.so/plan',
  url: 'https://www.notion.so/plan#1',
  sourceName: 'Tasks',
  createdTime: null,
  lastEditedTime: null,
}

const joined = (text: string) =>
  segments(text)
    .map((piece) => piece.text.content)
    .join('')

describe('text', () => {
  it('comes in pieces of at most 2 000 characters, whole, with no character cut in two', () => {
    const long = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), fc.nat(2_000))
        .map(([text, times]) => text.repeat(times)),
      fc.nat(30_000).map((length) => `x${'😀'.repeat(length)}`),
    )
    fc.assert(
      fc.property(long, (text) => {
        const pieces = segments(text)
        expect(pieces.length).toBeLessThanOrEqual(100)
        for (const piece of pieces) {
          expect(piece.text.content.length).toBeGreaterThan(0)
          expect(piece.text.content.length).toBeLessThanOrEqual(2_000)
          expect(piece.text.content.isWellFormed()).toBe(true)
        }
        expect(joined(text)).toBe(text)
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ['letters', 'x'.repeat(500_000)],
    ['signs of two characters', '😀'.repeat(300_000)],
    ['signs of three bytes', '漢'.repeat(300_000)],
  ])('that is longer than Notion takes ends with an ellipsis (%s)', (_, text) => {
    const pieces = segments(text)
    expect(pieces.length).toBeLessThanOrEqual(100)
    expect(joined(text).endsWith('…')).toBe(true)
    expect(joined(text).isWellFormed()).toBe(true)
    expect(Buffer.byteLength(JSON.stringify(pieces))).toBeLessThan(450_000)
    expect(pieces.every((piece) => piece.text.content.length <= 2_000)).toBe(true)
  })
})

describe('a row', () => {
  const values = (todo: Partial<MirroredTodo>) => rowProperties({ ...TODO, ...todo }, COLUMNS)

  it('has people as options: no commas, no empty names, each once, at most a hundred', () => {
    const people = [
      'Ada, Countess',
      ' ',
      'Bob',
      'bob',
      ...Array.from({ length: 150 }, (_, index) => `P ${index}`),
    ]
    const { people: cell } = values({ people })
    const names = (cell as { multi_select: { name: string }[] }).multi_select.map(({ name }) => name)
    expect(names.slice(0, 3)).toEqual(['Ada Countess', 'Bob', 'P 0'])
    expect(names).toHaveLength(100)
  })

  it('leaves out what Notion would refuse', () => {
    expect(values({ sourceName: '' }).source).toEqual({ select: null })
    expect(values({ url: `https://x.test/${'y'.repeat(2_000)}` }).blockLink).toEqual({ url: null })
    const due = { start: '2026-12-01', source: 'text' as const }
    expect(values({ due: { ...due, end: '2026-11-01' } }).due).toEqual({ date: { start: '2026-12-01' } })
    expect(values({ due: { ...due, end: '2026-12-02T09:00:00Z' } }).due).toEqual({
      date: { start: '2026-12-01' },
    })
    expect(values({ due: { ...due, end: '2026-12-02' } }).due).toEqual({
      date: { start: '2026-12-01', end: '2026-12-02' },
    })
  })

  it('is written again when it says something else, and not because a clock moved', () => {
    const hash = rowHash(TODO)
    expect(rowHash({ ...TODO, lastEditedTime: '2026-01-01T00:00:00Z' })).toBe(hash)
    const changes: Partial<MirroredTodo>[] = [
      { text: 'x' },
      { checked: true },
      { due: { start: '2026-12-01', source: 'text' } },
      { people: ['Ada'] },
      { pageTitle: 'x' },
      { pageUrl: 'https://www.notion.so/x' },
      { url: 'https://www.notion.so/x' },
      { sourceName: 'x' },
      { createdTime: '2026-01-01T00:00:00Z' },
    ]
    expect(new Set([hash, ...changes.map((change) => rowHash({ ...TODO, ...change }))]).size).toBe(
      changes.length + 1,
    )
  })
})
