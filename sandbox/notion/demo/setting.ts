import { seededId } from '../ids.ts'
import { BlockBuilder } from '../block-builder.ts'
import type { BlockSeed, PageSeed, UserSeed } from '../seed-builders.ts'
import type { Icon, PropertyValue } from '../seed-format.ts'

const DAY_MS = 86_400_000

/** The people of the demo. */
export const PEOPLE = {
  ada: { id: seededId('user:ada'), name: 'Ada Brandt', email: 'ada@acme.example' },
  ben: { id: seededId('user:ben'), name: 'Ben Okafor', email: 'ben@acme.example' },
  chiara: { id: seededId('user:chiara'), name: 'Chiara Rossi', email: 'chiara@acme.example' },
  deniz: { id: seededId('user:deniz'), name: 'Deniz Yılmaz', email: 'deniz@acme.example' },
} satisfies Record<string, UserSeed>

/** Dates counted from the day the demo is made, so that it is never out of date. */
export class Calendar {
  readonly #today: Date

  constructor(today: Date) {
    this.#today = today
  }

  /** A day as `2026-11-20`; negative offsets lie in the past. */
  day(offset: number): string {
    return this.moment(offset).slice(0, 10)
  }

  /** A moment on a day, in UTC. */
  moment(offset: number, time = '09:30'): string {
    return `${new Date(this.#today.getTime() + offset * DAY_MS).toISOString().slice(0, 10)}T${time}:00.000Z`
  }

  /** A day as people write it: `20 November 2026`. */
  written(offset: number, locale = 'en-GB'): string {
    return new Date(this.#today.getTime() + offset * DAY_MS).toLocaleDateString(locale, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    })
  }

  /** Author and times of something last touched so many days ago. */
  touched(daysAgo: number, by: UserSeed = PEOPLE.ada) {
    const before = -Math.abs(daysAgo)
    return {
      created_time: this.moment(before - 14, '08:05'),
      last_edited_time: this.moment(before, '07:15'),
      created_by: by.id,
      last_edited_by: by.id,
    }
  }
}

export const emoji = (value: string): Icon => ({ type: 'emoji', emoji: value })

export interface RowContent {
  properties: Record<string, PropertyValue>
  icon?: Icon
  daysAgo?: number
  by?: UserSeed
  blocks?: (b: BlockBuilder) => BlockSeed[]
}

/** Writes the rows of one data source, with ids that follow from their keys. */
export function rowWriter(
  dataSourceKey: string,
  calendar: Calendar,
): (key: string, content: RowContent) => PageSeed {
  return (key, { properties, icon, daysAgo = 1, by, blocks }) => ({
    id: seededId(`page:${key}`),
    parent: { type: 'data_source_id', data_source_id: seededId(`ds:${dataSourceKey}`) },
    properties,
    icon: icon ?? null,
    blocks: blocks?.(new BlockBuilder(`blocks:${key}`)) ?? [],
    ...calendar.touched(daysAgo, by),
  })
}
