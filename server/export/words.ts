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
    noTag: 'Without a tag',
    due: {
      overdue: 'Overdue',
      today: 'Today',
      tomorrow: 'Tomorrow',
      week: 'Within a week',
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
    noTag: 'Ohne Tag',
    due: {
      overdue: 'Überfällig',
      today: 'Heute',
      tomorrow: 'Morgen',
      week: 'In den nächsten sieben Tagen',
      later: 'Später',
      none: 'Ohne Datum',
    },
    state: { attention: 'Braucht dich', open: 'Offen', done: 'Erledigt' },
  },
} as const

export function wordsIn(locale: 'en' | 'de') {
  return WORDS[locale]
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
      return group.person?.name ?? words.nobody
    case 'tag':
      return group.tag ?? words.noTag
    case 'state':
      return words.state[group.state]
  }
}
