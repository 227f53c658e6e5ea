import { foldText } from '../fold-text'
import type { PlacedTodo } from '../parents'
import { tidy } from './ast'

/** To-dos are replaced, never changed in place, so what was folded once stays right. */
const searchTexts = new WeakMap<PlacedTodo, string>()
/** Any space that is not a single plain one: a phrase is found across it all the same. */
const UNEVEN_SPACE = /\s\s|[^\S ]/u

/** Everything about a to-do that words are looked for in, folded: one line each, so no phrase spans two. */
export function searchTextOf(todo: PlacedTodo): string {
  const known = searchTexts.get(todo)
  if (known !== undefined) return known
  const lines = [todo.text, todo.page.title, ...todo.headingPath, ...todo.tags]
  for (const person of todo.people) lines.push(person.name)
  const text = foldText(lines.map(evenSpace).join('\n'))
  searchTexts.set(todo, text)
  return text
}

/** A text folded as `searchTextOf` folds. */
export function foldLine(text: string): string {
  return foldText(evenSpace(text))
}

function evenSpace(text: string): string {
  return UNEVEN_SPACE.test(text) ? tidy(text) : text
}
