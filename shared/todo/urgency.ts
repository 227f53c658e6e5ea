import type { DueBucket } from './due-bucket'
import type { PlacedTodo } from './parents'
import { priorityWeight } from './priority'

const DUE_POINTS: Record<DueBucket, number> = {
  overdue: 60,
  today: 50,
  tomorrow: 40,
  week: 30,
  later: 10,
  none: 0,
}

/**
 * How pressing a to-do is, as a number to sort by (more is more urgent): when it is due, and what priority its
 * text or tags give it. What is urgent and due within the week goes before what is merely late; without a date, or
 * with one further off, nothing does.
 */
export function urgencyOf(todo: Pick<PlacedTodo, 'text' | 'tags'>, bucket: DueBucket): number {
  return DUE_POINTS[bucket] + priorityWeight(todo)
}
