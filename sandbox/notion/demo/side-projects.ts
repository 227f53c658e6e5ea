import { seededId } from '../ids.ts'
import { cell, type PageSeed, words } from '../seed-builders.ts'
import type { WorkspaceSeed } from '../seed-format.ts'
import { type Calendar, emoji, PEOPLE, rowWriter } from './setting.ts'

const IDEAS: [title: string, icon: string, todos: string[]][] = [
  [
    'Learn the accordion',
    '🪗',
    ['Find a teacher', 'Practise ten minutes a day', 'Apologise to the neighbours'],
  ],
  ['Balcony solar panel', '☀️', ['Measure the railing', 'Register it']],
  ['Family cookbook', '🍲', ['Ask grandma for the dumplings', 'Type up the index cards', 'Find a printer']],
  ['Run ten kilometres', '🏃', []],
]

/** A second, small workspace on a free plan: it has the smaller request budget. */
export function sideProjects(calendar: Calendar): WorkspaceSeed {
  const row = rowWriter('ideas', calendar)
  const pages: PageSeed[] = IDEAS.map(([title, icon, todos], index) =>
    row(`idea:${index}`, {
      properties: { Idea: cell.title(title) },
      icon: emoji(icon),
      daysAgo: index,
      blocks: (b) => todos.map((todo, position) => b.todo(todo, [], position === 0)),
    }),
  )
  return {
    id: seededId('workspace:side-projects'),
    name: 'Side projects',
    icon: '🧪',
    plan: 'free',
    users: [PEOPLE.ada],
    tokens: [
      { token: 'ntn_sandbox_internal_side', kind: 'internal' },
      { token: 'ntn_sandbox_personal_side', kind: 'personal' },
    ],
    databases: [
      {
        id: seededId('db:ideas'),
        parent: { type: 'workspace' },
        title: words('Ideas'),
        icon: emoji('💡'),
        ...calendar.touched(1),
        data_sources: [
          {
            id: seededId('ds:ideas'),
            title: words('Ideas'),
            properties: [{ type: 'title', id: 'title', name: 'Idea' }],
          },
        ],
      },
    ],
    pages,
  }
}
