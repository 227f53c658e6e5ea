import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import { DUE_BUCKETS } from '#shared/todo/due-bucket'
import { toCsv } from '#server/export/csv'
import { toMarkdown, toObsidianTasks } from '#server/export/markdown'
import { groupTitle } from '#server/export/words'
import de from '../../../i18n/locales/de.json' with { type: 'json' }
import en from '../../../i18n/locales/en.json' with { type: 'json' }
import { aTodo } from '../../support/todos.ts'

const NAMELESS = { id: 'person-1', name: ' ' }
const MESSAGES = { en, de }

function selected(todos: Todo[]) {
  const ground = groundOf(todos)
  const rows = arrange(ground, {
    view: { group: 'person', sort: 'document' },
    matches: new Set(todos.map(({ id }) => id)),
    now: new Date('2026-11-20T12:00:00Z'),
    timeZone: 'Europe/Berlin',
  })
  return { rows, todos, parents: ground.parents, byId: ground.byId, databases: new Map() }
}

describe('names in files', () => {
  it.each(['en', 'de'] as const)('are those of the screen, in %s', (locale) => {
    const { group, person } = MESSAGES[locale]
    for (const bucket of DUE_BUCKETS) {
      expect(groupTitle({ by: 'due', bucket }, locale, new Map())).toBe(group.due[bucket])
    }
    expect(groupTitle({ by: 'person', person: null }, locale, new Map())).toBe(group.nobody)
    expect(groupTitle({ by: 'person', person: NAMELESS }, locale, new Map())).toBe(person.unnamed)
  })

  it('say that a person has none, rather than nothing', () => {
    const selection = selected([aTodo({ id: 1, text: 'Call', people: [NAMELESS] })])
    const options = { locale: 'en', timeZone: 'Europe/Berlin' } as const
    expect([...toMarkdown(selection, options)].join('')).toMatch(
      /## Unnamed person\n[^]*Call @Unnamed person/,
    )
    expect([...toObsidianTasks(selection, options)].join('')).toContain('Call @Unnamed person')
    expect([...toCsv(selection, { bom: false })].join('')).toContain('Call,,,Unnamed person,')
  })

  it('put people without a name behind the others, and nobody last', () => {
    const people = [[], [NAMELESS], [{ id: 'person-2', name: 'Zoë' }]]
    const { rows } = selected(people.map((some, id) => aTodo({ id, people: some })))
    const titles = rows.flatMap((row) =>
      row.kind === 'group' ? [groupTitle(row.group, 'en', new Map())] : [],
    )
    expect(titles).toEqual(['Zoë', 'Unnamed person', 'Nobody'])
  })
})
