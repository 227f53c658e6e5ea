import fc from 'fast-check'
import type { Todo } from '#shared/schemas/todo'
import type { Clause, Day, DueCriterion, Expression, Query, Reference } from '#shared/todo/query/ast'
import { allOf, anyOf, not, tidy, TODO_STATES } from '#shared/todo/query/ast'
import type { Sources } from '#shared/todo/query/directory'
import { PRIORITIES } from '#shared/todo/priority'
import { aPage, aTodo } from '../../../support/todos.ts'

const DATABASES = [
  { id: '11111111-1111-4111-8111-111111111111', name: 'Meeting notes', workspaceId: '1' },
  { id: '22222222-2222-4222-8222-222222222222', name: 'Meeting', workspaceId: '1' },
  { id: '33333333-3333-4333-8333-333333333333', name: 'Road map (old) "v2"', workspaceId: '2' },
  { id: '44444444-4444-4444-8444-444444444444', name: 'Meeting', workspaceId: '2' },
  { id: '55555555-5555-4555-8555-555555555555', name: '', workspaceId: '2' },
]
const PEOPLE = [
  { id: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', name: 'Ada Lovelace' },
  { id: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb', name: 'me' },
  { id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc', name: 'Čeněk' },
]
const TAGS = ['home', 'Home Office', 'phone', '#1', '-x', 'Hoch', 'P3']

export const SOURCES: Sources = {
  databases: DATABASES,
  workspaces: [
    { id: '1', name: 'Acme' },
    { id: '2', name: '#7 side' },
  ],
  me: [PEOPLE[0]?.id ?? ''],
}

/** Whatever people type, and what the language itself is made of. */
const text = fc
  .oneof(
    fc.constantFrom(
      'bob',
      'Äpfel',
      'call',
      'or',
      'AND',
      'not',
      'is:open',
      'due:',
      'priority:high',
      'dua:x',
      'a"b',
      '(',
      '-',
      '\\',
      '@me',
      '#x',
    ),
    fc.constantFrom('page 1', 'to-do 3', 'Call Bob', 'weekly', 'shop'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  .map(tidy)
  .filter((value) => value !== '')

const reference = (entries: readonly { id: string; name: string }[]): fc.Arbitrary<Reference> =>
  fc.oneof(
    fc.constantFrom(...entries.map(({ id }): Reference => ({ by: 'id', id }))),
    fc
      .constantFrom(...entries.flatMap(({ name }) => (name ? [name] : [])))
      .map((name): Reference => ({ by: 'name', name })),
    text.map((name): Reference => ({ by: 'name', name })),
  )

const isoDay = fc
  .date({ min: new Date('2026-11-10'), max: new Date('2026-12-05'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const day: fc.Arbitrary<Day> = fc.oneof(
  isoDay.map((date) => ({ date })),
  fc.integer({ min: -12, max: 12 }).map((offset) => ({ offset })),
)
const due: fc.Arbitrary<DueCriterion> = fc.oneof(
  fc
    .constantFrom('any' as const, 'none' as const, 'overdue' as const, 'week' as const)
    .map((when) => ({ when })),
  fc.record({
    when: fc.constantFrom(
      'on' as const,
      'before' as const,
      'until' as const,
      'from' as const,
      'after' as const,
    ),
    day,
  }),
  fc.record({ when: fc.constant('between' as const), first: day, last: day }),
)

export const clauseArbitrary: fc.Arbitrary<Clause> = fc.oneof(
  text.map((value): Clause => ({ type: 'text', text: value })),
  fc.constantFrom(...TODO_STATES).map((state): Clause => ({ type: 'is', state })),
  reference(DATABASES).map((database): Clause => ({ type: 'in', database })),
  reference(SOURCES.workspaces).map((workspace): Clause => ({ type: 'workspace', workspace })),
  text.map((value): Clause => ({ type: 'page', text: value })),
  text.map((value): Clause => ({ type: 'heading', text: value })),
  due.map((criterion): Clause => ({ type: 'due', due: criterion })),
  fc
    .oneof(fc.constant({ by: 'me' as const }), reference(PEOPLE))
    .map((person): Clause => ({ type: 'person', person })),
  fc.constantFrom(...PRIORITIES).map((priority): Clause => ({ type: 'priority', priority })),
  fc.oneof(fc.constantFrom(...TAGS), text).map((tag): Clause => ({ type: 'tag', tag })),
)

export const expressionArbitrary: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    clauseArbitrary,
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((parts) => nonNull(allOf(parts))),
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((parts) => nonNull(anyOf(parts))),
    tie('expression').map(not),
  ),
})).expression

export const queryArbitrary: fc.Arbitrary<Query> = fc.option(expressionArbitrary, { freq: 20 })

/** To-dos about which the queries above have something to say. */
export const todosArbitrary: fc.Arbitrary<Todo[]> = fc
  .array(
    fc.record({
      text: fc.constantFrom(
        'Call Bob',
        'Call Ada ⏫',
        'Pay !!2',
        'ÄPFEL kaufen',
        'to-do 3',
        'a "b" or c',
        'two\nlines',
        '',
      ),
      page: fc.constantFrom('Page 1', 'Weekly sync', 'is:open'),
      database: fc.constantFrom(...DATABASES.map(({ id }) => id), 'unknown'),
      heading: fc.subarray(['Shop', 'Monday']),
      people: fc.subarray(PEOPLE),
      tags: fc.subarray(TAGS),
      checked: fc.boolean(),
      kind: fc.constantFrom('row' as const, 'block' as const),
      parentId: fc.option(fc.integer({ min: 0, max: 5 })),
      write: fc.constantFrom(
        { state: 'saved' as const },
        { state: 'waiting' as const },
        { state: 'failed' as const, code: 'NOTION_ACCESS_DENIED' as const },
      ),
      due: fc.option(
        fc.record({
          start: fc.oneof(
            isoDay,
            isoDay.map((date) => `${date}T23:30:00Z`),
          ),
          end: fc.option(
            fc.oneof(
              isoDay,
              isoDay.map((date) => `${date}T04:00:00+05:00`),
            ),
            { nil: undefined },
          ),
        }),
      ),
    }),
    { maxLength: 12 },
  )
  .map((seeds) =>
    seeds.map(({ page, database, heading, due: dates, ...rest }, id) =>
      aTodo({
        ...rest,
        id,
        page: aPage(page.length, { title: page }),
        databaseId: database,
        headingPath: heading,
        due: dates && {
          start: dates.start,
          ...(dates.end === undefined ? {} : { end: dates.end }),
          source: 'property',
        },
      }),
    ),
  )

function nonNull(query: Query): Expression {
  if (query === null) throw new Error('nothing was joined')
  return query
}
