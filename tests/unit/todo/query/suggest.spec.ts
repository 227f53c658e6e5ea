import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { directoryOf } from '#shared/todo/query/directory'
import { parseQuery } from '#shared/todo/query/parse'
import { suggest } from '#shared/todo/query/suggest'
import { aTodo } from '../../../support/todos.ts'
import { SOURCES } from './arbitrary-query.ts'

const DIRECTORY = directoryOf(
  [aTodo({ id: 1, people: [{ id: 'p', name: 'Ada Lovelace' }], tags: ['home', 'at home', 'phone'] })],
  SOURCES,
)
const textsFor = (line: string) => suggest(line, line.length, DIRECTORY).map(({ text }) => text)

describe('suggestions', () => {
  it.each<[string, string[]]>([
    ['is:', ['is:open', 'is:done', 'is:waiting', 'is:failed', 'is:row', 'is:block', 'is:subtask']],
    ['call is:wa', ['is:waiting']],
    ['due:t', ['due:today', 'due:tomorrow']],
    ['p', ['page:', 'priority:']],
    ['priority:', ['priority:high', 'priority:medium', 'priority:low', 'priority:none']],
    ['-priority:H', ['priority:high']],
    ['i', ['is:', 'in:']],
    ['#h', ['#home', '#"at home"', '#phone']],
    ['@', ['@me', '@"Ada Lovelace"']],
    ['@lov', ['@"Ada Lovelace"']],
    ['@"ada l', ['@"Ada Lovelace"']],
    // Two databases have the same name: only their ids tell them apart.
    [
      'in:meet',
      [
        'in:"Meeting notes"',
        'in:22222222-2222-4222-8222-222222222222',
        'in:44444444-4444-4444-8444-444444444444',
      ],
    ],
    ['(call or #pho', ['#phone']],
    ['-due:over', ['due:overdue']],
    ['due:overdue', []],
    ['call ', []],
    ['"is:', []],
  ])('after %j are %j', (line, expected) => {
    expect(textsFor(line)).toEqual(expected)
  })

  it('replace what is being typed and nothing else', () => {
    const [first] = suggest('call #ho due:today', 8, DIRECTORY)
    expect(first).toMatchObject({ line: 'call #home due:today', caret: 11 })
    expect(suggest('call #home', 7, DIRECTORY)).toEqual([])
  })

  it('are always understood once taken', () => {
    const pieces = fc.constantFrom(
      'is:',
      'i',
      'due:',
      '@',
      '@a',
      '#',
      '#h',
      'in:',
      'in:m',
      'workspace:',
      'w',
      'priority:',
      'pr',
      ' ',
      '-',
      '(',
      'x',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const line = parts.join('')
        for (const { kind, line: taken, caret } of suggest(line, line.length, DIRECTORY)) {
          expect(caret).toBe(taken.length)
          if (kind === 'field') continue
          const codes = parseQuery(taken, QUERY_MAX_LENGTH).problems.map(
            ({ code, start }) => `${code}@${start}`,
          )
          const before = parseQuery(line, QUERY_MAX_LENGTH).problems.map(
            ({ code, start }) => `${code}@${start}`,
          )
          // What stood before it may be wrong; the suggestion adds nothing to that.
          expect(before).toEqual(expect.arrayContaining(codes))
        }
      }),
    )
  })
})
