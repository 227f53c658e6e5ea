import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DUE_BUCKETS } from '#shared/todo/due-bucket'
import { urgencyOf } from '#shared/todo/urgency'

const HIGH = ['p0', 'Urgent', 'kritisch', 'P1', 'hoch', 'important']
const MEDIUM = ['p2', 'Mittel']
const LOW = ['p4', 'low', 'niedrig']
const MARKS = ['🔺', '⏫', '!!', '🔼', '🔽', '⏬', '']

const tags = fc.array(fc.constantFrom(...HIGH, ...MEDIUM, ...LOW, 'home', 'highway', 'p10'), { maxLength: 4 })
const text = fc
  .tuple(fc.constantFrom('Call Bob', ''), fc.constantFrom(...MARKS))
  .map((parts) => parts.join(' '))
const todo = fc.record({ text, tags })
const bucket = fc.constantFrom(...DUE_BUCKETS)
const PLAIN = { text: 'Call Bob', tags: [] }

describe('urgency', () => {
  it('never falls when the same to-do is due earlier', () => {
    fc.assert(
      fc.property(todo, bucket, bucket, (one, a, b) => {
        const [earlier, later] = [a, b].sort((x, y) => DUE_BUCKETS.indexOf(x) - DUE_BUCKETS.indexOf(y))
        if (!earlier || !later) return
        expect(urgencyOf(one, earlier)).toBeGreaterThanOrEqual(urgencyOf(one, later))
      }),
    )
  })

  it('never falls when a high priority is added, and does not count it twice', () => {
    fc.assert(
      fc.property(todo, bucket, fc.constantFrom(...HIGH), (one, due, tag) => {
        const raised = { ...one, tags: [...one.tags, tag] }
        expect(urgencyOf(raised, due)).toBeGreaterThanOrEqual(urgencyOf(one, due))
        const twice = { text: `${one.text} 🔺`, tags: [...raised.tags, 'p0', 'urgent'] }
        expect(urgencyOf(twice, due)).toBe(urgencyOf({ text: '🔺', tags: [] }, due))
      }),
    )
  })

  it('does not depend on the order of the tags', () => {
    fc.assert(
      fc.property(todo, bucket, (one, due) => {
        expect(urgencyOf({ ...one, tags: one.tags.toReversed() }, due)).toBe(urgencyOf(one, due))
      }),
    )
  })

  it('puts nothing without a date, or with one further off, before what is late', () => {
    fc.assert(
      fc.property(todo, fc.constantFrom('later' as const, 'none' as const), (one, due) => {
        expect(urgencyOf(one, due)).toBeLessThan(urgencyOf(PLAIN, 'overdue'))
      }),
    )
  })

  it('puts what is urgent and due within the week before what is merely late', () => {
    expect(urgencyOf({ text: 'Call Bob 🔺', tags: [] }, 'week')).toBeGreaterThan(urgencyOf(PLAIN, 'overdue'))
  })

  it.each(['home', 'highway', 'p10', 'follow'])('reads no priority into the tag %s', (tag) => {
    expect(urgencyOf({ text: 'Call Bob', tags: [tag] }, 'today')).toBe(urgencyOf(PLAIN, 'today'))
  })
})
