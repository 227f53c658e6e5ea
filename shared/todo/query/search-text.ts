import { foldText } from '../fold-text'
import type { PlacedTodo } from '../parents'
import { tidy } from './ast'

/** To-dos are replaced, never changed in place, so what was folded once stays right. */
const searchTexts = new WeakMap<PlacedTodo, string>()
/** Any space that is not a single plain one: a phrase is found across it all the same. */
const UNEVEN_SPACE = /\s\s|[^\S ]/u
/** Between two fields: no phrase spans them. Nobody can type it, and it is no space. */
const FIELD_END = '\u0000'

/** Everything about a to-do that words are looked for in, folded. */
export function searchTextOf(todo: PlacedTodo): string {
  const known = searchTexts.get(todo)
  if (known !== undefined) return known
  const fields = [todo.text, todo.page.title, ...todo.headingPath, ...todo.tags]
  for (const person of todo.people) fields.push(person.name)
  const joined = fields.join(FIELD_END)
  const text = foldText(UNEVEN_SPACE.test(joined) ? fields.map(tidy).join(FIELD_END) : joined)
  searchTexts.set(todo, text)
  return text
}

/** A text folded as `searchTextOf` folds. */
export function foldLine(text: string): string {
  return foldText(UNEVEN_SPACE.test(text) ? tidy(text) : text)
}
