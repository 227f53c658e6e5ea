import type { CountingBody, DoneCandidate } from '#shared/schemas/database'
import type { Counting, DataSourceProperty, DoneProperty } from './reading'

/** Names people give a box that means done, in the languages we speak and a few more. */
const DONE_NAME =
  /^(is |ist )?(done|complete|completed|finished|checked|closed|erledigt|fertig|abgeschlossen|gemacht|abgehakt|fait|hecho|fatto)\??$/
const DONE_MARK = /[✓✔✅☑]/u
const COMPLETE_GROUP =
  /^(complete|completed|done|closed|finished|erledigt|abgeschlossen|fertig|terminé|completado)$/
const TO_DO_GROUP = /^(to-?do|to do|not started|open|offen|zu erledigen|nicht begonnen|à faire|pendiente)$/

/**
 * What probably counts as a to-do in a data source, for the person to correct: its status property if one can
 * say done, else the box named like it, else its only box. Boxes inside the pages count in any case.
 */
export function suggestCounting(properties: Iterable<DataSourceProperty>): Counting {
  const doneProperty = findDoneProperty([...properties])
  return { boxes: true, rows: doneProperty !== null, doneProperty }
}

function findDoneProperty(properties: DataSourceProperty[]): DoneProperty | null {
  for (const property of properties) {
    const done = property.type === 'status' ? doneByStatus(property) : null
    if (done) return done
  }
  const boxes = properties.filter(({ type }) => type === 'checkbox')
  const named = boxes.find(({ name }) => DONE_NAME.test(name.trim().toLowerCase()) || DONE_MARK.test(name))
  const box = named ?? (boxes.length === 1 ? boxes[0] : undefined)
  return box ? { id: box.id, type: 'checkbox', done: true, notDone: false } : null
}

/**
 * What may be named as the property that means done: any status with options to choose from, and any box; by name,
 * since what Notion answered is stored without an order.
 */
export function doneCandidates(properties: Iterable<DataSourceProperty>): DoneCandidate[] {
  const candidates = [...properties].flatMap(({ id, name, type, options = [] }): DoneCandidate[] => {
    if (type === 'checkbox') return [{ type, id, name }]
    if (type !== 'status' || options.length < 2) return []
    return [{ type, id, name, options: options.map((option) => ({ id: option.id, name: option.name })) }]
  })
  const rank = ({ type }: DoneCandidate) => (type === 'status' ? 0 : 1)
  return candidates.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

/**
 * What a person chose, held against what the data source has. Beside the value they chose, all values of Notion's own
 * "complete" group count as done, except the one that means not done.
 *
 * @returns `null` when rows shall count by a property or by values that are not there
 */
export function chosenCounting(
  properties: Iterable<DataSourceProperty>,
  choice: CountingBody,
): Counting | null {
  const { boxes, rows, done } = choice
  if (!rows) return { boxes, rows, doneProperty: null }
  const property = [...properties].find(({ id, type }) => id === done?.id && type === done.type)
  if (!property || !done) return null
  if (done.type === 'checkbox') {
    return { boxes, rows, doneProperty: { id: done.id, type: 'checkbox', done: true, notDone: false } }
  }
  const exists = (optionId: string) => property.options?.some(({ id }) => id === optionId) ?? false
  if (done.done === done.notDone || !exists(done.done) || !exists(done.notDone)) return null
  const complete = [...new Set([...completeOptionsOf(property), done.done])]
  return {
    boxes,
    rows,
    doneProperty: { ...done, completeOptionIds: complete.filter((id) => id !== done.notDone) },
  }
}

/** What is stored of a choice, as the choice it was made of. */
export function choiceOf({ boxes, rows, doneProperty }: Counting): CountingBody {
  switch (doneProperty?.type) {
    case undefined:
      return { boxes, rows, done: null }
    case 'checkbox':
      return { boxes, rows, done: { type: 'checkbox', id: doneProperty.id } }
    case 'status': {
      const { id, done, notDone } = doneProperty
      return { boxes, rows, done: { type: 'status', id, done, notDone } }
    }
  }
}

/**
 * Done is decided by the group an option is in, never by the option's name. Groups are found by name and else by
 * place, since Notion keeps three of them in the order to-do, in progress, complete.
 */
function doneByStatus(property: DataSourceProperty): DoneProperty | null {
  const { id, options = [] } = property
  const completeOptionIds = completeOptionsOf(property)
  const toDo = groupNamed(property, TO_DO_GROUP) ?? property.groups?.[0]
  const exists = (optionId: string) => options.some((option) => option.id === optionId)
  const [done] = completeOptionIds
  const notDone =
    toDo?.optionIds.find((optionId) => exists(optionId) && !completeOptionIds.includes(optionId)) ??
    options.find((option) => !completeOptionIds.includes(option.id))?.id
  if (done === undefined || notDone === undefined) return null
  return { id, type: 'status', done, notDone, completeOptionIds }
}

/** Ids of the options that Notion itself files under "complete". */
function completeOptionsOf(property: DataSourceProperty): string[] {
  const complete = groupNamed(property, COMPLETE_GROUP) ?? property.groups?.at(-1)
  const exists = (optionId: string) => property.options?.some(({ id }) => id === optionId) ?? false
  return complete?.optionIds.filter(exists) ?? []
}

function groupNamed({ groups = [] }: DataSourceProperty, pattern: RegExp) {
  return groups.find(({ name }) => pattern.test(name.trim().toLowerCase()))
}
