import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { toMarkdown, toObsidianTasks } from '#server/export/markdown'
import { oneLine } from '#server/export/one-line'
import { aPage, aTodo } from '../../support/todos.ts'
import { aSelection, OPTIONS } from './a-selection.ts'
import { readMarkdown } from './gfm.ts'

const MEANINGFUL = [
  ...[
    '- ',
    '+ ',
    '* ',
    '1. ',
    '2) ',
    '---',
    '- - -',
    '# ',
    '> ',
    '===',
    '```',
    '~~~',
    '    ',
    '\t',
    '[x] ',
    '[ ] ',
  ],
  ...[
    'https://example.com',
    'HTTP://a.b',
    'www.example.com',
    'ada@example.com',
    'mailto:a@b.c',
    'obsidian://open',
  ],
  ...[
    '[a](b)',
    '![[c]]',
    '<img src=x>',
    '<!--',
    '&amp;',
    '`x`',
    '*y*',
    '_z_',
    '~~w~~',
    '%%',
    '==',
    '$$',
    '^id',
    '|',
  ],
  ...['#tag', '\\', '\n', '\u200B', '\u202E', '(', ')', '.', ':', '//', '@', 'www'],
]
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...MEANINGFUL),
      fc.constantFrom('a', ' ', '1', 'Ä', '👩\u200D💻'),
      fc.string({ maxLength: 3 }),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''))

const said = (value: string, without: string) => oneLine(value) || without

/** A family whose child stands below headings, and with its parent in a group the parent does not belong to. */
function family(texts: readonly string[]): Todo[] {
  const at = (index: number) => texts[index % texts.length] ?? ''
  const page = aPage(1, { title: at(0) })
  return [
    aTodo({ id: 1, text: at(1), page, checked: true }),
    aTodo({ id: 2, text: at(2), page, parentId: 1, headingPath: [at(3)], tags: ['x'] }),
    aTodo({
      id: 3,
      text: at(4),
      page,
      headingPath: [at(5), at(0)],
      due: { start: '2026-12-24', source: 'text' },
    }),
  ]
}

const exported = (todos: Todo[], group: 'page' | 'tag') =>
  [...toMarkdown(aSelection(todos, { group, sort: 'document' }), OPTIONS)].join('')

describe('a Markdown file', () => {
  it('says what Notion says, and has no structure but its own', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 6, maxLength: 6 }),
        fc.constantFrom('page' as const, 'tag' as const),
        (texts, group) => {
          const todos = family(texts)
          const selection = aSelection(todos, { group, sort: 'document' })
          const lines = readMarkdown(exported(todos, group))
          const paths = selection.rows.flatMap((row) =>
            row.kind === 'path'
              ? [
                  [...(row.page ? [said(row.page.title, 'Untitled')] : []), ...row.headings.map(oneLine)]
                    .filter(Boolean)
                    .join(' › '),
                ]
              : [],
          )
          expect(lines.filter(({ kind }) => kind === 'path').map((line) => line.text)).toEqual(
            paths.filter(Boolean),
          )
          expect(lines.filter(({ kind }) => kind === 'item')).toEqual(
            selection.rows.flatMap((row) => {
              if (row.kind !== 'item') return []
              const { todo, depth, context } = row
              const due = todo.due ? [`(${todo.due.start})`] : []
              const tags = todo.tags.map((tag) => `#${tag}`)
              return {
                kind: 'item',
                depth,
                box: context ? null : todo.checked ? 'x' : ' ',
                text: [said(todo.text, 'Empty to-do'), ...due, ...tags].join(' '),
                links: [todo.url],
              }
            }),
          )
          const groups = selection.rows.filter(({ kind }) => kind === 'group')
          expect(lines.filter(({ kind }) => kind === 'heading')).toHaveLength(groups.length + 1)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['- not a list', '\\- not a list'],
    ['---', '\\---'],
    ['1. not a number', '1\\. not a number'],
    ['-5 degrees, 1.5 m', '-5 degrees, 1.5 m'],
    ['see https://example.com', 'see https\\://example.com'],
    ['www.example.com', 'www\\.example.com'],
    ['mail ada@example.com', 'mail ada\\@example.com'],
    ['12:30 @ home', '12:30 @ home'],
    ['a\u202E\u200Bb', 'ab'],
  ])('writes %s as %s', (value, written) => {
    expect(exported([aTodo({ id: 1, text: value })], 'page')).toContain(`- [ ] ${written} [Notion](`)
  })

  it('for Obsidian Tasks ends with tags and dates that it reads', () => {
    const todo = aTodo({
      id: 1,
      text: '- a',
      tags: ['b\u200B c'],
      due: { start: '2026-12-24', source: 'text' },
    })
    const lines = [...toObsidianTasks(aSelection([todo]), OPTIONS)].join('').trim().split('\n')
    expect(lines.at(-1)).toMatch(/^- \[ \] \\- a \[Notion\]\(\S+\) #b-c 📅 2026-12-24$/)
  })
})
