import type { Priority } from '../priority'
import type { Clause, DueCriterion, Expression, PersonReference, Query, Reference, TodoState } from './ast'
import { allOf, anyOf, conjunctsOf } from './ast'

/**
 * A query as the filter dialog shows it: one choice of several for each kind of criterion, and all of them at
 * once. What the dialog has no field for stays in `rest`, untouched.
 */
export interface FilterForm {
  texts: string[]
  states: TodoState[]
  databases: Reference[]
  people: PersonReference[]
  tags: string[]
  due: DueCriterion[]
  priorities: Priority[]
  rest: Expression[]
}

export const EMPTY_FORM: FilterForm = {
  texts: [],
  states: [],
  databases: [],
  people: [],
  tags: [],
  due: [],
  priorities: [],
  rest: [],
}

/** The dialog's fields for a query. Of two criteria of one kind that both have to hold, the second is `rest`. */
export function formOf(query: Query): FilterForm {
  const form: FilterForm = { ...EMPTY_FORM, texts: [], rest: [] }
  for (const part of conjunctsOf(query)) {
    if (part.type === 'text' && form.rest.length === 0) form.texts.push(part.text)
    else if (!takeChoice(form, part)) form.rest.push(part)
  }
  return form
}

/** The query of the dialog's fields: every kind has to be answered to, by one of what was chosen of it. */
export function queryOf(form: FilterForm): Query {
  const kinds: Clause[][] = [
    form.states.map((state) => ({ type: 'is', state })),
    form.databases.map((database) => ({ type: 'in', database })),
    form.people.map((person) => ({ type: 'person', person })),
    form.tags.map((tag) => ({ type: 'tag', tag })),
    form.due.map((due) => ({ type: 'due', due })),
    form.priorities.map((priority) => ({ type: 'priority', priority })),
  ]
  const texts = form.texts.map((text): Clause => ({ type: 'text', text }))
  const choices = kinds.flatMap((clauses) => anyOf(clauses) ?? [])
  return allOf([...texts, ...choices, ...form.rest])
}

/** Puts a criterion, or several of one kind joined by `or`, into its field, if that is still empty. */
function takeChoice(form: FilterForm, part: Expression): boolean {
  const clauses: readonly Expression[] = part.type === 'or' ? part.of : [part]
  const states = every(clauses, (clause) => (clause.type === 'is' ? clause.state : null))
  if (states && form.states.length === 0) form.states = states
  const databases = every(clauses, (clause) => (clause.type === 'in' ? clause.database : null))
  if (databases && form.databases.length === 0) form.databases = databases
  const people = every(clauses, (clause) => (clause.type === 'person' ? clause.person : null))
  if (people && form.people.length === 0) form.people = people
  const tags = every(clauses, (clause) => (clause.type === 'tag' ? clause.tag : null))
  if (tags && form.tags.length === 0) form.tags = tags
  const due = every(clauses, (clause) => (clause.type === 'due' ? clause.due : null))
  if (due && form.due.length === 0) form.due = due
  const priorities = every(clauses, (clause) => (clause.type === 'priority' ? clause.priority : null))
  if (priorities && form.priorities.length === 0) form.priorities = priorities
  return [
    states === form.states,
    databases === form.databases,
    people === form.people,
    tags === form.tags,
    due === form.due,
    priorities === form.priorities,
  ].some(Boolean)
}

/** What each of them says, when all of them say it. */
function every<T>(clauses: readonly Expression[], read: (clause: Expression) => T | null): T[] | null {
  const values = clauses.map(read)
  const found = values.filter((value): value is T & {} => value !== null)
  return found.length === clauses.length ? found : null
}
