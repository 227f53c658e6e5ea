import { seededId } from '../ids.ts'
import { BlockBuilder } from '../block-builder.ts'

import type { WorkspaceSeed } from '../seed-format.ts'
import { loosePages, otherDatabases, otherRows } from './home.ts'
import { meetingPages, meetingsDatabase } from './meetings.ts'
import { pastWeeklies } from './past-weeklies.ts'
import { projectChildPages, projectPages, projectsDatabase } from './projects.ts'
import { Calendar, PEOPLE } from './setting.ts'
import { sideProjects } from './side-projects.ts'
import { taskPages, tasksDatabase } from './tasks.ts'

/** The workspaces a fresh sandbox starts with; dates are laid around `today`. */
export function demoWorkspaces(today: Date): WorkspaceSeed[] {
  const calendar = new Calendar(today)
  return [acme(calendar), sideProjects(calendar)]
}

/** A small bakery: about sixty pages and four hundred to-dos, in every kind of block that can hold one. */
function acme(calendar: Calendar): WorkspaceSeed {
  return {
    id: seededId('workspace:acme'),
    name: 'Acme',
    icon: '🥐',
    plan: 'business',
    users: Object.values(PEOPLE),
    tokens: [
      { token: 'ntn_sandbox_internal_acme', kind: 'internal' },
      { token: 'ntn_sandbox_personal_acme', kind: 'personal' },
    ],
    databases: [
      meetingsDatabase(calendar),
      projectsDatabase(calendar),
      tasksDatabase(calendar),
      ...otherDatabases(calendar),
    ],
    pages: [
      ...meetingPages(calendar),
      ...pastWeeklies(calendar),
      ...projectPages(calendar),
      ...projectChildPages(calendar, new BlockBuilder('blocks:shop')),
      ...taskPages(calendar),
      ...otherRows(calendar),
      ...loosePages(calendar),
    ],
  }
}
