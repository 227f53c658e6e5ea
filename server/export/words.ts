import type { DatabaseName, Group } from '#shared/todo/arrange-groups'

/** What an export says in words of its own. */
const WORDS = {
  en: {
    title: 'To-dos',
    untitled: 'Untitled',
    emptyTodo: 'Empty to-do',
    unnamed: 'Unnamed workspace',
    noHeading: 'Without a heading',
    nobody: 'Nobody',
    unnamedPerson: 'Unnamed person',
    noTag: 'Without a tag',
    due: {
      overdue: 'Overdue',
      today: 'Today',
      tomorrow: 'Tomorrow',
      week: 'Next 7 days',
      later: 'Later',
      none: 'Without a date',
    },
    state: { attention: 'Needs you', open: 'Open', done: 'Done' },
  },
  de: {
    title: 'To-dos',
    untitled: 'Ohne Titel',
    emptyTodo: 'Leeres To-do',
    unnamed: 'Workspace ohne Namen',
    noHeading: 'Ohne Überschrift',
    nobody: 'Niemand',
    unnamedPerson: 'Person ohne Namen',
    noTag: 'Ohne Tag',
    due: {
      overdue: 'Überfällig',
      today: 'Heute',
      tomorrow: 'Morgen',
      week: 'Nächste 7 Tage',
      later: 'Später',
      none: 'Ohne Datum',
    },
    state: { attention: 'Braucht dich', open: 'Offen', done: 'Erledigt' },
  },
} as const

export function wordsIn(locale: 'en' | 'de') {
  return WORDS[locale]
}

/** What a person is called outside the interface: Notion does not tell the names of all. */
export function personName({ name }: { name: string }, locale: 'en' | 'de'): string {
  return name.trim() || WORDS[locale].unnamedPerson
}

/** What a group is called outside the interface. */
export function groupTitle(
  group: Group,
  locale: 'en' | 'de',
  databases: ReadonlyMap<string, DatabaseName>,
): string {
  const words = WORDS[locale]
  switch (group.by) {
    case 'database':
      return databases.get(group.databaseId)?.name.trim() || words.untitled
    case 'page':
      return group.page.title.trim() || words.untitled
    case 'workspace':
      return group.name || words.unnamed
    case 'heading':
      return group.headings.join(' › ') || words.noHeading
    case 'due':
      return words.due[group.bucket]
    case 'person':
      return group.person ? personName(group.person, locale) : words.nobody
    case 'tag':
      return group.tag ?? words.noTag
    case 'state':
      return words.state[group.state]
  }
}
