import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameTodo, judge } from '../../../server/todos/judge.ts'
import { clipSeenText } from '../../../shared/todo/seen-text.ts'

/** Somebody ticks "Buy milk", which was open when they looked. */
const wish = { checked: true, text: 'Buy milk', baseChecked: false, careful: false, insists: false }

describe('what Notion has', () => {
  it('is written over when it is what the person saw', () => {
    expect(judge(wish, { checked: false, text: 'Buy milk' })).toBe('write')
  })

  it('is left alone when it is as the person wants it, whatever else it says', () => {
    expect(judge(wish, { checked: true, text: 'Buy milk' })).toBe('done')
    expect(judge(wish, { checked: true, text: 'Something else' })).toBe('done')
  })

  it('is shown when it is another to-do by now', () => {
    expect(judge(wish, { checked: false, text: 'Sell the house' })).toBe('conflict')
    expect(judge(wish, { checked: false, text: '' })).toBe('conflict')
  })

  it('is shown when somebody else has decided otherwise meanwhile and the decision is an old one', () => {
    // Ticked and unticked again offline; meanwhile a colleague ticked it.
    const old = { ...wish, checked: false, baseChecked: false, careful: true }
    const theirs = { checked: true, text: 'Buy milk' }
    expect(judge(old, theirs)).toBe('conflict')
    // A click just now is the last word, and what was never known cannot be contradicted.
    expect(judge({ ...old, careful: false }, theirs)).toBe('write')
    expect(judge({ ...old, baseChecked: null }, theirs)).toBe('write')
  })

  it('is overwritten when the person has seen it and insists', () => {
    const insisting = { ...wish, insists: true, careful: true }
    expect(judge(insisting, { checked: false, text: 'Sell the house' })).toBe('write')
  })

  it('is never written when nothing would change, nor in a contradiction nobody has decided', () => {
    fc.assert(
      fc.property(
        fc.record({
          checked: fc.boolean(),
          text: fc.string(),
          baseChecked: fc.option(fc.boolean()),
          careful: fc.boolean(),
          insists: fc.boolean(),
        }),
        fc.record({ checked: fc.boolean(), text: fc.string() }),
        (any, seen) => {
          const verdict = judge(any, seen)
          expect(verdict === 'done').toBe(any.checked === seen.checked)
          if (any.insists) expect(verdict).not.toBe('conflict')
          if (verdict === 'write' && !any.insists) expect(isSameTodo(any.text, seen.text)).toBe(true)
        },
      ),
    )
  })
})

describe('a to-do', () => {
  it.each([
    ['Buy milk', 'buy  Milk!'],
    ['Buy milk', 'Buy milk and bread'],
    ['Call the dentist', 'Call the dentsit'],
    ['Steuererklärung abgeben', 'Steuererklaerung abgeben'],
    ['買牛奶', '買牛奶'],
    ['', '  '],
    ['🎉', '🎊'],
  ])('stays the same: %j, %j', (before, now) => {
    expect(isSameTodo(before, now)).toBe(true)
    expect(isSameTodo(now, before)).toBe(true)
  })

  it.each([
    ['Buy milk', 'Buy bread'],
    ['Buy milk', 'Sell the house'],
    ['Buy milk', ''],
    ['Room 12', 'Room 13'],
    ['Taxes 2025', 'Taxes 2026'],
    ['', 'Buy milk'],
    ['Pay Ann', 'Pay Tom'],
  ])('becomes another: %j, %j', (before, now) => {
    expect(isSameTodo(before, now)).toBe(false)
    expect(isSameTodo(now, before)).toBe(false)
  })

  it.each([
    ['many words', 'Ask the neighbours whether they water the plants on the balcony '.repeat(5)],
    ['a word that is cut in half', `Read ${'Donaudampfschifffahrtsgesellschaft'.repeat(12)}`],
    ['no spaces at all', '買牛奶和麵包給鄰居'.repeat(40)],
    ['characters of two halves', `${'🎉'.repeat(150)} ${'𝕓𝕦𝕪 '.repeat(60)}`],
  ])('stays the same when the person sent its beginning: %s', (_, text) => {
    const beginning = clipSeenText(text)
    expect(beginning.length).toBeLessThan(text.length)
    expect(isSameTodo(beginning, text)).toBe(true)
    expect(isSameTodo(beginning, `${text} and more`)).toBe(true)
    expect(isSameTodo(beginning, 'Sell the house')).toBe(false)
    expect(isSameTodo(beginning, 'Sell the house and move to the sea. '.repeat(20))).toBe(false)
  })

  it('is the same as itself, in any case and spacing, and the same both ways', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(isSameTodo(one, one)).toBe(true)
        expect(isSameTodo(one, `  ${one.toLowerCase()} `)).toBe(isSameTodo(one, one.toLowerCase()))
        expect(isSameTodo(one, other)).toBe(isSameTodo(other, one))
      }),
    )
  })
})
