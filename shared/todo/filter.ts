import { dueTone } from './due-tone'
import { foldText } from './fold-text'
import type { Parents, PlacedTodo } from './parents'

export interface TodoFilter {
  /** Words that must all occur in the to-do or its page's title. */
  text: string
  show: 'open' | 'all'
  due: 'any' | 'today'
}

export interface FilterContext {
  now: Date
  timeZone: string
  /** Shown although done: just ticked here, so that one can change one's mind. */
  lingering: ReadonlySet<number>
}

/** `match`: asked for. `context`: only there so that a match below it is understood. */
export type Shown = ReadonlyMap<number, 'match' | 'context'>

/** Which to-dos a filter shows: its matches, and the ancestors of every match as context. */
export function filterTodos(
  todos: readonly PlacedTodo[],
  parents: Parents,
  filter: TodoFilter,
  context: FilterContext,
): Shown {
  const words = foldText(filter.text).split(/\s+/).filter(Boolean)
  const shown = new Map<number, 'match' | 'context'>()
  for (const todo of todos) {
    if (!isWanted(todo, filter, context)) continue
    if (words.length > 0 && !containsAll(searchText(todo), words)) continue
    shown.set(todo.id, 'match')
  }
  for (const id of [...shown.keys()]) {
    let ancestor = parents.get(id) ?? null
    while (ancestor !== null && !shown.has(ancestor)) {
      shown.set(ancestor, 'context')
      ancestor = parents.get(ancestor) ?? null
    }
  }
  return shown
}

/** True when the to-do is due today or should have been done before. */
export function isDueNow(todo: Pick<PlacedTodo, 'due'>, now: Date, timeZone: string): boolean {
  if (!todo.due) return false
  const tone = dueTone(todo.due, now, timeZone)
  return tone === 'today' || tone === 'overdue'
}

function isWanted(todo: PlacedTodo, filter: TodoFilter, context: FilterContext): boolean {
  if (filter.due === 'today' && !isDueNow(todo, context.now, context.timeZone)) return false
  if (filter.show === 'all' || !todo.checked) return true
  // A tick that Notion refused is not done: it needs the person.
  return context.lingering.has(todo.id) || todo.write.state === 'failed'
}

function containsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

/** To-dos are replaced, never changed in place, so what was folded once stays right. */
const searchTexts = new WeakMap<PlacedTodo, string>()

function searchText(todo: PlacedTodo): string {
  const known = searchTexts.get(todo)
  if (known !== undefined) return known
  const people = todo.people.map((person) => person.name)
  const text = foldText([todo.text, todo.page.title, ...todo.headingPath, ...todo.tags, ...people].join('\n'))
  searchTexts.set(todo, text)
  return text
}
