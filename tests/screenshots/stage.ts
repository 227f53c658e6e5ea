import { NotionControl } from '../support/notion-control.ts'
import { ENTRANCES, ENTRIES, type Role } from './entrances.ts'
import { type Cookies, Person } from './person.ts'
import { ALL_WORKSPACES } from './workspaces.ts'

/** What the scenes play on: an installation and its Notion, with somebody in every state. */
export interface Stage {
  cookiesOf: (role: Role | 'stranger') => Promise<Cookies>
  emailOf: (role: Role) => string
  close: () => Promise<void>
}

/** Brings everybody into their state: one after the other as far as Notion tells them apart, then all at once. */
export async function setStage(
  appUrl: string,
  notionUrl: string,
  isNeeded: (role: Role) => boolean = () => true,
): Promise<Stage> {
  const notion = new NotionControl(notionUrl)
  await notion.settings({ rate_limit: 'off', search_lag_ms: 0 })
  for (const { seed } of ALL_WORKSPACES) await notion.seed(seed)
  const people = new Map<Role, Person>()
  for (const roles of ENTRIES) {
    const settling: Promise<unknown>[] = []
    for (const role of roles.filter(isNeeded)) {
      const person = await Person.signUp(appUrl, role)
      people.set(role, person)
      const settle = await ENTRANCES[role](person, notion)
      if (settle) settling.push(settle())
    }
    await Promise.all(settling)
  }
  const personOf = (role: Role): Person => {
    const person = people.get(role)
    if (!person) throw new Error(`Nobody plays ${role}`)
    return person
  }
  return {
    cookiesOf: (role) => (role === 'stranger' ? Promise.resolve([]) : personOf(role).cookies()),
    emailOf: (role) => personOf(role).email,
    close: async () => {
      await notion.clearFaults()
      await Promise.all([...people.values()].map((person) => person.dispose()))
    },
  }
}
