import { foldText } from '../fold-text'
import type { PlacedTodo } from '../parents'
import { tidy } from './ast'

/** To-dos are replaced, never changed in place, so what was folded once stays right. */
const searchTexts = new WeakMap<PlacedTodo, string>()
/** Any space that is not a single plain one: a phrase is found across it all the same. */
const UNEVEN_SPACE = /\s\s|[^\S ]/u
/** Between two fields: no phrase spans them. Nobody can type it, and it is no space. */
const FIELD_END = '\u0000'

/** A line asks for one word after the other: what was looked up for the last one is at hand. */
let last: { todo: PlacedTodo; text: string } | undefined

/** Everything about a to-do that words are looked for in, folded. */
export function searchTextOf(todo: PlacedTodo): string {
  if (last?.todo !== todo) last = { todo, text: knownTextOf(todo) }
  return last.text
}

function knownTextOf(todo: PlacedTodo): string {
  return known(searchTexts, todo, () => {
    const fields = [todo.text, todo.page.title, ...todo.headingPath, ...todo.tags]
    for (const person of todo.people) fields.push(person.name)
    const joined = fields.join(FIELD_END)
    return foldText(UNEVEN_SPACE.test(joined) ? fields.map(tidy).join(FIELD_END) : joined)
  })
}

/** Of the same making: pages and headings, too, are replaced and never changed in place. */
const foldedTitles = new WeakMap<PlacedTodo['page'], string>()
const foldedHeadings = new WeakMap<PlacedTodo['headingPath'], readonly string[]>()
const foldedNames = new WeakMap<object, string>()

/** The title of a page, folded once, however many criteria ask for it. */
export function foldedTitleOf(page: PlacedTodo['page']): string {
  return known(foldedTitles, page, () => foldLine(page.title))
}

/** The headings a to-do stands below, each folded; see `foldedTitleOf`. */
export function foldedHeadingsOf({ headingPath }: PlacedTodo): readonly string[] {
  return known(foldedHeadings, headingPath, () => headingPath.map(foldLine))
}

/** The name of an entry of the directory, folded; see `foldedTitleOf`. */
export function foldedNameOf(entry: { readonly name: string }): string {
  return known(foldedNames, entry, () => foldLine(entry.name))
}

/** A text folded as `searchTextOf` folds. */
export function foldLine(text: string): string {
  return foldText(UNEVEN_SPACE.test(text) ? tidy(text) : text)
}

function known<Key extends object, Value>(values: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  let value = values.get(key)
  if (value === undefined) {
    value = make()
    values.set(key, value)
  }
  return value
}
