import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import type { Query } from '#shared/todo/query/ast'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import { queryArbitrary } from './arbitrary-query.ts'

const parse = (line: string) => parseQuery(line, QUERY_MAX_LENGTH)
const text = (word: string): Query => ({ type: 'text', text: word })

describe('a filter line', () => {
  it('reads back as what it was printed from', () => {
    fc.assert(
      fc.property(queryArbitrary, (query) => {
        const line = printQuery(query)
        fc.pre(line.length <= QUERY_MAX_LENGTH)
        expect(parse(line), line).toEqual({ query, problems: [] })
      }),
      { numRuns: 2_000 },
    )
  })

  it('is understood to some extent whatever it is, and its reading can be printed without a problem', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '"',
      '-',
      ' or ',
      ' and ',
      'not ',
      'is:',
      'due:',
      '@',
      '#',
      ' ',
      'x',
      '\\',
      '<',
      '..',
    )
    const lines = fc.oneof(
      fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(lines, (line) => {
        const { query, problems } = parse(line)
        expect(parse(printQuery(query))).toEqual({ query, problems: [] })
        for (const { start, end } of problems) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeLessThanOrEqual(line.length)
          expect(start).toBeLessThan(end)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each<[string, string]>([
    ['call  bob', 'call bob'],
    ['call AND bob', 'call bob'],
    ['a b or c d', 'a b or c d'],
    ['(a b) or (c d)', 'a b or c d'],
    ['a (b or c)', 'a (b or c)'],
    ['not a b', '-a b'],
    ['-(a or b)', '-(a or b)'],
    ['not not a', 'a'],
    ['IS:Open DUE:Today', 'is:open due:today'],
    ['due:<=2026-12-24', 'due:<=2026-12-24'],
    ['due:+2w', 'due:+14d'],
    ['due:today..2026-12-24', 'due:today..2026-12-24'],
    ['in:"Meeting  notes"', 'in:"Meeting notes"'],
    ['in:0123456789ABCDEF0123456789ABCDEF', 'in:01234567-89ab-cdef-0123-456789abcdef'],
    ['@Me', '@me'],
    ['@"me"', '@"me"'],
    ['https://example.org/a?b=c', 'https://example.org/a?b=c'],
    ['meet 12:30', 'meet 12:30'],
    // A dash between words is no "not".
    ['call - bob', 'call bob'],
    ['"or"', '"or"'],
  ])('%s means %s', (line, printed) => {
    const { query, problems } = parse(line)
    expect(problems).toEqual([])
    expect(printQuery(query)).toBe(printed)
  })

  it.each<
    [
      line: string,
      rest: string,
      code: string,
      start: number,
      end: number,
      unfinished: boolean,
      expected: string[],
    ]
  >([
    ['call or', 'call', 'missing_operand', 5, 7, true, []],
    ['or call', 'call', 'missing_operand', 0, 2, false, []],
    ['call "bo', 'call bo', 'unclosed_quote', 5, 8, true, ['"']],
    ['(a or b', 'a or b', 'unclosed_group', 0, 7, true, [')']],
    ['a) b', 'a b', 'stray_close', 1, 2, false, []],
    ['a () b', 'a b', 'empty_group', 2, 4, false, []],
    ['is: bob', 'bob', 'missing_value', 0, 3, false, []],
    ['is:o', '', 'bad_value', 0, 4, true, ['open']],
    ['due:tod x', 'x', 'bad_value', 0, 7, false, ['today']],
    [
      'due:2026-02-30 x',
      'x',
      'bad_value',
      0,
      14,
      false,
      ['today', 'tomorrow', 'overdue', 'week', 'any', 'none', 'yesterday'],
    ],
    ['dua:today', '"dua:today"', 'unknown_field', 0, 9, true, ['due:']],
    ['a @', 'a', 'missing_value', 2, 3, true, []],
    ['x -', 'x', 'missing_operand', 2, 3, true, []],
  ])('%s still filters by %j and says where %s is', (line, rest, code, start, end, unfinished, expected) => {
    const { query, problems } = parse(line)
    expect(printQuery(query)).toBe(rest)
    expect(problems).toEqual([{ code, start, end, unfinished, expected }])
  })

  it('has an end, a depth and a number of criteria', () => {
    const tooLong = parseQuery('a '.repeat(20), 10)
    expect(tooLong.problems.map(({ code }) => code)).toEqual(['too_long'])
    for (const deep of ['('.repeat(400), '-'.repeat(900), 'not '.repeat(240), '-('.repeat(400)]) {
      expect(parse(`${deep}x`).problems.map(({ code }) => code)).toContain('too_deep')
    }
    expect(parse('a '.repeat(50)).problems).toEqual([])
    expect(parse('a '.repeat(51)).problems.map(({ code }) => code)).toEqual(['too_many'])
    expect(parse('((((((((((((((((((((x))))))))))))))))))))')).toEqual({ query: text('x'), problems: [] })
  })
})
