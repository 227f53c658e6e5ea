import type { DueBucket } from './due-bucket'
import type { PlacedTodo } from './parents'

const DUE_POINTS: Record<DueBucket, number> = {
  overdue: 60,
  today: 50,
  tomorrow: 40,
  week: 30,
  later: 10,
  none: 0,
}

/** Marks that people write into the text, as task formats do: 🔺 highest, ⏫ high, 🔼 medium, 🔽 and ⏬ low. */
const MARKS: readonly (readonly [RegExp, number])[] = [
  [/🔺/u, 35],
  [/⏫|!!/u, 25],
  [/🔼/u, 10],
  [/🔽/u, -10],
  [/⏬/u, -20],
]

/** What priorities are called in tags and in select properties, English and German. */
const TAGS: readonly (readonly [RegExp, number])[] = [
  [/^(p0|urgent|critical|highest|dringend|kritisch)$/iu, 35],
  [/^(p1|high|important|hoch|wichtig)$/iu, 25],
  [/^(p2|medium|mittel)$/iu, 10],
  [/^(p3|p4|low|lowest|niedrig|gering)$/iu, -10],
]

/**
 * How pressing a to-do is, as a number to sort by (more is more urgent): when it is due, and what priority its
 * text or tags give it. What is urgent and due within the week goes before what is merely late; without a date, or
 * with one further off, nothing does.
 */
export function urgencyOf(todo: Pick<PlacedTodo, 'text' | 'tags'>, bucket: DueBucket): number {
  return DUE_POINTS[bucket] + priorityOf(todo)
}

/** To-dos are replaced, never changed in place: what was read once stays right. */
const priorities = new WeakMap<object, number>()

function priorityOf(todo: Pick<PlacedTodo, 'text' | 'tags'>): number {
  let priority = priorities.get(todo)
  if (priority === undefined) {
    const points = todo.tags.map((tag) => TAGS.find(([name]) => name.test(tag))?.[1] ?? 0)
    const mark = MARKS.find(([sign]) => sign.test(todo.text))?.[1] ?? 0
    priority = strongest([mark, ...points])
    priorities.set(todo, priority)
  }
  return priority
}

/** The highest priority wins, said once or twice; a low one counts only when nothing says otherwise. */
function strongest(points: readonly number[]): number {
  const raised = Math.max(0, ...points)
  return raised > 0 ? raised : Math.min(0, ...points)
}
