import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneLine } from '#server/export/one-line'

const HIDDEN = [
  ...['\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\u2060', '\uFEFF', '\u061C'],
  ...['\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069'],
]

describe('a text on one line', () => {
  it.each<[string, string]>([
    ['pay \u202E001\u202C euro', 'pay 001 euro'],
    ['\u2066a\u2069\u200Bb\u2060c\uFEFF', 'abc'],
    ['a\r\nb\u2028c', 'a b c'],
    ['\u200B =1', '=1'],
    // What would be read otherwise without it stays.
    ['👩\u200D💻 🏳️\u200D🌈 👩🏽\u200D🚀', '👩\u200D💻 🏳️\u200D🌈 👩🏽\u200D🚀'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['क्\u200Dष', 'क्\u200Dष'],
    ['ی\u200C\u061Ca', 'یa'],
    ['x\u200Dy 👩\u200D\u200D💻 👩\u200D', 'xy 👩💻 👩'],
  ])('%j reads %j', (text, read) => {
    expect(oneLine(text)).toBe(read)
  })

  it('hides nothing, and says all the rest', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'Ä', '1', '-', 'ж', '漢') })
    fc.assert(
      fc.property(fc.array(fc.tuple(plain, fc.constantFrom(...HIDDEN))), (parts) => {
        expect(oneLine(parts.flat().join(''))).toBe(parts.map(([text]) => text).join(''))
      }),
    )
  })

  it('stays as it is once it is one', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...HIDDEN, '👩', '💻', '\uFE0F', 'ی', '\n'), fc.string()),
    })
    fc.assert(
      fc.property(text, (value) => {
        expect(oneLine(oneLine(value))).toBe(oneLine(value))
      }),
    )
  })
})
