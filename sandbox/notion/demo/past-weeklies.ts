import type { BlockBuilder } from '../block-builder.ts'
import { type BlockSeed, cell, type PageSeed } from '../seed-builders.ts'
import { type Calendar, PEOPLE, rowWriter } from './setting.ts'

const ROUTINE = [
  'Read the till',
  'Check the fridge log',
  'Order flour',
  'Plan the shifts',
  'Answer the reviews',
]

/** What came up in each week before the last three; the first is still open. */
const TOPICS: string[][] = [
  ['Replace the neon tube', 'Ask for a quote for the awning', 'Taste the winter loaf', 'Sharpen the slicer'],
  ['Write the job advert', 'Talk to the school about an intern', 'New gloves', 'Descale the coffee machine'],
  ['Find the missing trays', 'Thank the fire brigade', 'Try oat milk', 'Fix the till drawer'],
  ['Plan the street party', 'Borrow benches', 'Ask for permission', 'Bake 200 pretzels'],
  ['Repaint the sign', 'Choose a typeface', 'Get the ladder', 'Do it on a dry day'],
]

/** Older weeklies: mostly done, with the odd thing that never was. */
export function pastWeeklies(calendar: Calendar): PageSeed[] {
  const row = rowWriter('meetings', calendar)
  return TOPICS.map((topics, index) => {
    const daysAgo = 21 + 7 * index
    return row(`meeting:past-${index}`, {
      properties: {
        Name: cell.title(`Weekly — ${calendar.written(-daysAgo)}`),
        Date: cell.date(calendar.day(-daysAgo)),
        Attendees: cell.people([PEOPLE.ada.id, PEOPLE.ben.id]),
        Kind: cell.select('Weekly'),
      },
      daysAgo,
      by: PEOPLE.ben,
      blocks: (b) => weekly(b, topics),
    })
  })
}

function weekly(b: BlockBuilder, [open = '', ...finished]: string[]): BlockSeed[] {
  return [
    b.heading(2, 'Every week'),
    ...ROUTINE.map((step) => b.done(step)),
    b.divider(),
    b.heading(2, 'This time', [
      b.todo(open, [b.todo('Put it on next week’s list')]),
      ...finished.map((topic) => b.done(topic)),
    ]),
    b.bullet('Any other business', [b.done('Who takes the leftovers?')]),
  ]
}
