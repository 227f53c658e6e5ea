import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DUE_BUCKETS } from '#shared/todo/due-bucket'
import { PRIORITIES, priorityOf, type Priority } from '#shared/todo/priority'
import { urgencyOf } from '#shared/todo/urgency'

const WRITTEN: readonly (readonly [string, Priority])[] = [
  ['Call Bob 🔺', 'high'],
  ['Call Bob ⏫', 'high'],
  ['Call Bob!!', 'high'],
  ['Call Bob 🔼', 'medium'],
  ['Call Bob 🔽', 'low'],
  ['Call Bob ⏬', 'low'],
  ['Call Bob p1', 'high'],
  ['P2: call Bob', 'medium'],
  ['Call Bob (p3)', 'low'],
  ['Call Bob !!1', 'high'],
  ['!!2 Call Bob', 'medium'],
  ['Call Bob !!3.', 'low'],
  ['Call Bob!', 'none'],
  ['Read chapter p12', 'none'],
  ['Fix mp3 and http://example.org/p1', 'none'],
  ['Send p1.pdf', 'none'],
  ['', 'none'],
]
const TAGGED: readonly (readonly [string, Priority])[] = [
  ['High', 'high'],
  ['🔥 High', 'high'],
  ['1 - High', 'high'],
  ['High priority', 'high'],
  ['Hoch', 'high'],
  ['P1', 'high'],
  ['Urgent!', 'high'],
  ['Mittel', 'medium'],
  ['2) Medium', 'medium'],
  ['🟢 niedrig', 'low'],
  ['highway', 'none'],
  ['lower', 'none'],
  ['media', 'none'],
  ['1', 'none'],
]
const ORDER: readonly Priority[] = ['high', 'medium', 'none', 'low']

describe('the priority of a to-do', () => {
  it.each(WRITTEN)('is written into %j: %s', (text, priority) => {
    expect(priorityOf({ text, tags: [] })).toBe(priority)
  })

  it.each(TAGGED)('is the tag %j: %s', (tag, priority) => {
    expect(priorityOf({ text: 'Call Bob', tags: ['home', tag] })).toBe(priority)
  })

  it('is the highest that is said, in whatever order, and low only when nothing says otherwise', () => {
    const said = fc.tuple(fc.constantFrom(...WRITTEN), fc.array(fc.constantFrom(...TAGGED), { maxLength: 4 }))
    fc.assert(
      fc.property(said, ([[text, written], tagged]) => {
        const all = [written, ...tagged.map(([, priority]) => priority)]
        const isSaid = (priority: Priority) => all.includes(priority)
        const expected = (['high', 'medium', 'low'] as const).find(isSaid) ?? 'none'
        const tags = tagged.map(([tag]) => tag)
        expect(priorityOf({ text, tags })).toBe(expected)
        expect(priorityOf({ text, tags: tags.toReversed() })).toBe(expected)
      }),
    )
  })

  it('is one of those that can be asked for, and decides about urgency', () => {
    const todo = fc.record({ text: fc.string({ unit: 'grapheme' }), tags: fc.array(fc.string()) })
    const any = fc.oneof(
      todo,
      fc.constantFrom(...WRITTEN).map(([text]) => ({ text, tags: [] })),
    )
    fc.assert(
      fc.property(any, any, fc.constantFrom(...DUE_BUCKETS), (a, b, bucket) => {
        expect(PRIORITIES).toContain(priorityOf(a))
        const [rankOfA, rankOfB] = [a, b].map((one) => ORDER.indexOf(priorityOf(one)))
        if (rankOfA === rankOfB || rankOfA === undefined || rankOfB === undefined) return
        expect(Math.sign(urgencyOf(b, bucket) - urgencyOf(a, bucket))).toBe(Math.sign(rankOfA - rankOfB))
      }),
    )
  })
})
