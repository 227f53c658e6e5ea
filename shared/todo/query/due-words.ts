import type { Day, DueCriterion } from './ast'

/** What can be written after `due:`, besides days and comparisons. */
export const DUE_WORDS = ['today', 'tomorrow', 'overdue', 'week', 'any', 'none', 'yesterday'] as const

const DAY_WORDS: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['tomorrow', 1],
  ['yesterday', -1],
])
const DAYS_PER_UNIT: Readonly<Record<string, number>> = { d: 1, w: 7 }
const COMPARISONS = { '<': 'before', '<=': 'until', '>=': 'from', '>': 'after' } as const
/** Further than anybody plans; keeps dates within what a calendar can hold. */
const MAX_OFFSET_DAYS = 36_500

/** Reads what stands after `due:`; `null` when it means nothing. */
export function readDue(value: string): DueCriterion | null {
  const text = value.toLowerCase()
  if (text === 'any' || text === 'none' || text === 'overdue' || text === 'week') return { when: text }
  const [, sign, rest = ''] = /^(<=|>=|<|>)?(.*)$/u.exec(text) ?? []
  const comparison = Object.entries(COMPARISONS).find(([symbol]) => symbol === sign)?.[1]
  if (comparison) return withDay(rest, (day) => ({ when: comparison, day }))
  const [from = '', to, ...more] = rest.split('..')
  if (to === undefined) return withDay(from, (day) => ({ when: 'on', day }))
  if (more.length > 0) return null
  return withDay(from, (first) => withDay(to, (last) => ({ when: 'between', first, last })))
}

/** The one way a criterion is written. */
export function writeDue(due: DueCriterion): string {
  switch (due.when) {
    case 'any':
    case 'none':
    case 'overdue':
    case 'week':
      return due.when
    case 'on':
      return writeDay(due.day)
    case 'between':
      return `${writeDay(due.first)}..${writeDay(due.last)}`
    default: {
      const symbol = Object.entries(COMPARISONS).find(([, when]) => when === due.when)?.[0]
      return `${symbol}${writeDay(due.day)}`
    }
  }
}

export function writeDay(day: Day): string {
  if ('date' in day) return day.date
  const word = [...DAY_WORDS].find(([, offset]) => offset === day.offset)?.[0]
  return word ?? `${day.offset > 0 ? '+' : ''}${day.offset}d`
}

/** Reads `2026-12-24`, `today`, `+3d` or `-2w`; `null` when it is no day. */
export function readDay(text: string): Day | null {
  const offset = DAY_WORDS.get(text)
  if (offset !== undefined) return { offset }
  const [, count, unit = ''] = /^([+-]\d{1,5})([dw])$/u.exec(text) ?? []
  if (count !== undefined) {
    const days = Number(count) * (DAYS_PER_UNIT[unit] ?? 1)
    return Math.abs(days) <= MAX_OFFSET_DAYS ? { offset: days === 0 ? 0 : days } : null
  }
  return isCalendarDay(text) ? { date: text } : null
}

function isCalendarDay(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/u.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function withDay<T>(text: string, use: (day: Day) => T): T | null {
  const day = readDay(text)
  return day && use(day)
}
