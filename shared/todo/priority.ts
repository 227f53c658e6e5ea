import type { PlacedTodo } from './parents'

/** How important somebody said a to-do is. */
export const PRIORITIES = ['high', 'medium', 'low', 'none'] as const
export type Priority = (typeof PRIORITIES)[number]

/**
 * What a priority weighs, finer than it is called: within `high`, "urgent" weighs more than "important". What is
 * low weighs less than nothing at all.
 */
const WEIGHTS = { urgent: 35, high: 25, medium: 10, low: -10, lowest: -20 } as const
type Weight = (typeof WEIGHTS)[keyof typeof WEIGHTS]

/** The four priorities of task programs by their number. */
const NUMBERED: Readonly<Record<string, Weight>> = {
  '0': WEIGHTS.urgent,
  '1': WEIGHTS.high,
  '2': WEIGHTS.medium,
  '3': WEIGHTS.low,
  '4': WEIGHTS.low,
}

/** Marks that people write into the text, as Obsidian Tasks and others do. */
const MARKS: readonly (readonly [RegExp, Weight])[] = [
  [/🔺/u, WEIGHTS.urgent],
  [/⏫|!!(?![1-4](?!\d))/u, WEIGHTS.high],
  [/🔼/u, WEIGHTS.medium],
  [/🔽/u, WEIGHTS.low],
  [/⏬/u, WEIGHTS.lowest],
]
/** `p1` or `!!1`, as Todoist has them, standing alone: not within a word, a file name or an address. */
const NUMBERED_MARK = /(?<![\p{L}\p{N}_/.#@=-])(?:p|!!)([1-4])(?![\p{L}\p{N}_/=-]|\.\p{L})/giu
/** Most texts hold none of all these, and are done with after one look. */
const ANY_MARK = /[🔺⏫🔼🔽⏬]|!!|p[1-4]/iu

/** What priorities are called in tags and in select properties, English, German and what no other tag is called. */
const NAMES: readonly (readonly [RegExp, Weight])[] = [
  [/^(p0|urgent|critical|highest|dringend|kritisch|urgente)$/u, WEIGHTS.urgent],
  [/^(p1|high|important|hoch|wichtig|haute|alta|hoog)$/u, WEIGHTS.high],
  [/^(p2|medium|mittel|moyenne)$/u, WEIGHTS.medium],
  [/^(p3|p4|low|lowest|niedrig|gering|basse|baja|baixa|bassa|laag)$/u, WEIGHTS.low],
]
/** "🔥 High", "1 - High", "High!", "High priority": what stands around the word says nothing more. */
const AROUND = /^(?:\d+\s*[-–.:)]\s*)?[^\p{L}\p{N}]*|[^\p{L}\p{N}]+$|\s+(?:priority|priorität)$/gu

/** To-dos are replaced, never changed in place: what was read once stays right. */
const known = new WeakMap<object, number>()

/**
 * How important a to-do is, said by its text or by its tags (the value of a row's priority property is one). The
 * highest that is said counts; a low one only when nothing says otherwise.
 */
export function priorityOf(todo: Pick<PlacedTodo, 'text' | 'tags'>): Priority {
  const weight = priorityWeight(todo)
  if (weight >= WEIGHTS.high) return 'high'
  if (weight > 0) return 'medium'
  return weight < 0 ? 'low' : 'none'
}

/** The same as a number, to sort by: more is more important, and 0 is what nobody said anything about. */
export function priorityWeight(todo: Pick<PlacedTodo, 'text' | 'tags'>): number {
  let weight = known.get(todo)
  if (weight === undefined) {
    weight = strongest([...weightsIn(todo.text), ...todo.tags.map(weightOfName)])
    known.set(todo, weight)
  }
  return weight
}

function weightsIn(text: string): number[] {
  if (!ANY_MARK.test(text)) return []
  const marks = MARKS.filter(([sign]) => sign.test(text)).map(([, weight]) => weight)
  const numbered = [...text.matchAll(NUMBERED_MARK)].map(([, number = '']) => NUMBERED[number] ?? 0)
  return [...marks, ...numbered]
}

function weightOfName(name: string): number {
  const word = name.trim().toLowerCase().replace(AROUND, '')
  return NAMES.find(([pattern]) => pattern.test(word))?.[1] ?? 0
}

function strongest(weights: readonly number[]): number {
  const raised = Math.max(0, ...weights)
  return raised > 0 ? raised : Math.min(0, ...weights)
}
