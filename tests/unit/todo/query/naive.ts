import type { Todo } from '#shared/schemas/todo'
import type { Clause, Day, Query, Reference } from '#shared/todo/query/ast'
import type { Directory } from '#shared/todo/query/directory'

/**
 * What a query means, written a second time, as plainly as possible and to-do by to-do: the language as
 * docs/query.md tells it. Slow on purpose.
 */
export function naivelyMatches(
  query: Query,
  todo: Todo,
  directory: Directory,
  { now, timeZone }: { now: Date; timeZone: string },
): boolean {
  if (query === null) return true
  const again = (part: Query) => naivelyMatches(part, todo, directory, { now, timeZone })
  switch (query.type) {
    case 'and':
      return query.of.filter(again).length === query.of.length
    case 'or':
      return query.of.filter(again).length > 0
    case 'not':
      return !again(query.of)
    default:
      return clauseHolds(query, todo, directory, now, timeZone)
  }
}

function clauseHolds(clause: Clause, todo: Todo, directory: Directory, now: Date, timeZone: string): boolean {
  switch (clause.type) {
    case 'text': {
      const places = [
        todo.text,
        todo.page.title,
        ...todo.headingPath,
        ...todo.tags,
        ...todo.people.map(({ name }) => name),
      ]
      return places.some((place) => simple(place).includes(simple(clause.text)))
    }
    case 'is':
      return {
        open: !todo.checked,
        done: todo.checked,
        waiting: todo.write.state === 'waiting',
        failed: todo.write.state === 'failed',
        row: todo.kind === 'row',
        block: todo.kind === 'block',
        subtask: todo.parentId !== null,
      }[clause.state]
    case 'in':
      return meant(clause.database, directory.databases).includes(todo.databaseId)
    case 'workspace': {
      const workspaces = meant(clause.workspace, directory.workspaces)
      return directory.databases.some(
        ({ id, workspaceId }) => id === todo.databaseId && workspaces.includes(workspaceId),
      )
    }
    case 'page':
      return simple(todo.page.title).includes(simple(clause.text))
    case 'heading':
      return todo.headingPath.some((heading) => simple(heading).includes(simple(clause.text)))
    case 'person': {
      const ids = clause.person.by === 'me' ? directory.me : meant(clause.person, directory.people)
      return todo.people.some(({ id }) => ids.includes(id))
    }
    case 'tag': {
      const tags = meant({ by: 'name', name: clause.tag }, directory.tags)
      return todo.tags.some((tag) => tags.includes(tag))
    }
    case 'priority': {
      // Of what the to-dos of these tests say about it, the strongest first.
      const said = [todo.text, ...todo.tags].join(' ')
      if (/⏫|Hoch/u.test(said)) return clause.priority === 'high'
      if (said.includes('!!2')) return clause.priority === 'medium'
      return clause.priority === (said.includes('P3') ? 'low' : 'none')
    }
    case 'due': {
      const { due } = clause
      if (due.when === 'none') return todo.due === null
      if (todo.due === null) return false
      if (due.when === 'any') return true
      const last = todo.due.end ?? todo.due.start
      if (due.when === 'overdue') {
        return last.length === 10 ? last < dayAt(now, timeZone) : new Date(last) < now
      }
      const days = daysFrom(dayOf(todo.due.start, timeZone), dayOf(last, timeZone))
      const resolve = (day: Day) => ('date' in day ? day.date : shifted(dayAt(now, timeZone), day.offset))
      const today = dayAt(now, timeZone)
      return days.some((day) => {
        switch (due.when) {
          case 'week':
            return daysFrom(today, shifted(today, 6)).includes(day)
          case 'on':
            return day === resolve(due.day)
          case 'before':
            return day < resolve(due.day)
          case 'until':
            return day <= resolve(due.day)
          case 'from':
            return day >= resolve(due.day)
          case 'after':
            return day > resolve(due.day)
          case 'between':
            return day >= resolve(due.first) && day <= resolve(due.last)
          default:
            return false
        }
      })
    }
  }
}

function meant(reference: Reference, entries: readonly { id: string; name: string }[]): string[] {
  if (reference.by === 'id') return [reference.id]
  const same = entries.filter(({ name }) => simple(name) === simple(reference.name))
  const like = entries.filter(({ name }) => simple(name).includes(simple(reference.name)))
  return (same.length > 0 ? same : like).map(({ id }) => id)
}

function simple(text: string): string {
  return text.replace(/\s+/g, ' ').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

function dayOf(value: string, timeZone: string): string {
  return value.length === 10 ? value : dayAt(new Date(value), timeZone)
}

function dayAt(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const find = (type: string) => parts.formatToParts(instant).find((part) => part.type === type)?.value
  return `${find('year')}-${find('month')}-${find('day')}`
}

function shifted(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** Every single day of a range; the first one when it ends before it begins. */
function daysFrom(first: string, last: string): string[] {
  const days = [first]
  for (let day = shifted(first, 1); day <= last; day = shifted(day, 1)) days.push(day)
  return days
}
