import { seededId } from '../ids.ts'
import type { BlockBuilder } from '../block-builder.ts'
import {
  type BlockSeed,
  cell,
  date,
  type DatabaseSeed,
  link,
  options,
  type PageSeed,
  person,
  text,
  words,
} from '../seed-builders.ts'
import { type Calendar, emoji, PEOPLE, rowWriter } from './setting.ts'

const { ada, ben, chiara, deniz } = PEOPLE

/** Meeting notes: pages whose bodies hold the to-dos that meetings leave behind. */
export function meetingsDatabase(calendar: Calendar): DatabaseSeed {
  return {
    id: seededId('db:meetings'),
    parent: { type: 'workspace' },
    title: words('Meeting notes'),
    description: words('One page for each meeting. What we promised is a to-do.'),
    icon: emoji('🗒️'),
    ...calendar.touched(0),
    data_sources: [
      {
        id: seededId('ds:meetings'),
        title: words('Meeting notes'),
        properties: [
          { type: 'title', id: 'title', name: 'Name' },
          { type: 'date', id: 'mDat', name: 'Date' },
          { type: 'people', id: 'mPpl', name: 'Attendees' },
          {
            type: 'select',
            id: 'mTyp',
            name: 'Kind',
            options: options(
              ['Weekly', 'blue'],
              ['One-to-one', 'pink'],
              ['Retro', 'purple'],
              ['Customer', 'green'],
            ),
          },
        ],
      },
    ],
  }
}

type Body = (b: BlockBuilder) => BlockSeed[]

export function meetingPages(calendar: Calendar): PageSeed[] {
  const row = rowWriter('meetings', calendar)
  const meeting = (
    key: string,
    title: string,
    kind: string,
    daysAgo: number,
    who: { id: string }[],
    blocks: Body,
  ) =>
    row(`meeting:${key}`, {
      properties: {
        Name: cell.title(title),
        Date: cell.date(calendar.day(-daysAgo)),
        Attendees: cell.people(who.map(({ id }) => id)),
        Kind: cell.select(kind),
      },
      daysAgo,
      blocks,
    })
  const all = [ada, ben, chiara, deniz]
  return [
    meeting('weekly-0', `Weekly — ${calendar.written(0)}`, 'Weekly', 0, all, weeklyBody(calendar)),
    meeting('weekly-1', `Weekly — ${calendar.written(-7)}`, 'Weekly', 7, all, (b) => [
      b.heading(2, 'Decisions'),
      b.bullet('The bakery stays open on Mondays', [
        b.todo('Tell the Monday team'),
        b.done('Print a new sign'),
      ]),
      b.numbered('Prices go up by 20 cents', [b.todo('New price tags'), b.todo('Explain why on the blog')]),
      b.heading(2, 'Action items'),
      b.todo([text('Call the flour mill about '), text('delivery times', { bold: true })]),
      b.done('Send minutes'),
      b.todo('Send minutes'),
    ]),
    meeting('weekly-2', `Weekly — ${calendar.written(-14)}`, 'Weekly', 14, [ada, ben], (b) => [
      b.quote('“Whoever writes it down has half done it.”', [b.todo('Write it down')]),
      b.done('Order rye flour'),
      b.done('Repair the second oven'),
      b.todo('Ask the landlord about the leaking roof', [
        b.done('Take photographs'),
        b.todo('Send them by e-mail', [b.todo('Find the landlord’s new address', [b.todo('Ask Chiara')])]),
      ]),
    ]),
    meeting('retro', 'Retro: the summer market', 'Retro', 10, all, retroBody),
    meeting('ben', 'Ada / Ben', 'One-to-one', 3, [ada, ben], (b) => [
      b.paragraph([text('Ben is '), text('very', { italic: true }), text(' happy with the new mixer.')]),
      b.todo([person(ben), text(' books the first-aid course until '), date(calendar.day(9))]),
      b.todo([person(ada), text(' looks into a raise')]),
      b.done('Swap the shifts in the Christmas week'),
    ]),
    meeting('customer', 'Café Lindenhof: bread for breakfast', 'Customer', 5, [ada, chiara], (b) => [
      b.meetingNotes(
        'Call with Café Lindenhof',
        [
          b.paragraph('They want 40 rolls a day, from the first of next month.'),
          b.heading(3, 'Action items'),
          b.todo([text('Send an offer by '), date(calendar.day(2))]),
          b.todo('Check whether the van is free at six'),
        ],
        [b.paragraph('Nice people, good coffee.'), b.todo('Bring samples of the spelt rolls')],
        [b.paragraph('Ada: Good morning! Can you hear me?'), b.paragraph('Café: Now we can.')],
      ),
      b.todo('Write down what we learnt'),
    ]),
    meeting('supplier', 'Mühle Sonnental: Jahresgespräch', 'Customer', 21, [deniz], germanBody(calendar)),
    meeting('board', 'Planning: next year', 'Weekly', 28, all, planningBody(calendar)),
    meeting('empty', 'Notes to come', 'Weekly', 1, [], () => []),
  ]
}

const weeklyBody =
  (calendar: Calendar): Body =>
  (b) => [
    b.callout('👋', 'Tick a box here or in Roundup: it is the same box.', [b.todo('Try it')]),
    b.heading(2, 'Last week'),
    b.done([text('Clean the proofing room '), date(calendar.day(-2))]),
    b.done('Hand in the VAT return'),
    b.heading(2, 'This week'),
    b.todo(
      [text('Taste the new sourdough with '), person(chiara), text(' '), date(calendar.day(1))],
      [
        b.todo('Bake three versions'),
        b.todo('Invite the neighbours', [b.done('Put a note on the door'), b.todo('Ask in the chat')]),
      ],
    ),
    b.todo([
      text('Renew the '),
      link('domain name', 'https://example.com/domains'),
      text(' 📅 '),
      text(calendar.day(4)),
    ]),
    b.todo([text('Pay the electricity bill — due '), text(calendar.written(3), { bold: true })]),
    b.todo([text('Overdue since '), date(calendar.day(-4)), text(': water the office plants')]),
    b.toggle('Parking lot', [
      b.todo('A loyalty card?'),
      b.todo('A bicycle for deliveries'),
      b.toggle('Wild ideas', [b.todo('Bread subscription'), b.todo('Baking class for children')]),
    ]),
  ]

const retroBody: Body = (b) => [
  b.columns(
    [b.heading(3, 'Went well'), b.bullet('Sold out by noon'), b.todo('Thank the volunteers')],
    [
      b.heading(3, 'Went badly'),
      b.bullet('Too little change'),
      b.todo('Get more coins'),
      b.todo('Rent a card reader'),
    ],
    [b.heading(3, 'Try next'), b.callout('💡', 'Pretzels!', [b.todo('Learn to make pretzels')])],
  ),
  b.divider(),
  b.tabs(
    ['Friday', [b.done('Load the van'), b.todo('Check the tyres')]],
    ['Saturday', [b.done('Set up the stall'), b.todo('Bring back the tables')]],
  ),
  b.unsupported('form'),
  b.table([
    ['Item', 'Sold'],
    ['Rolls', '312'],
    ['[ ] not a to-do', '0'],
  ]),
]

const germanBody =
  (calendar: Calendar): Body =>
  (b) => [
    b.paragraph('Gespräch mit Frau Sonnental, bei Kaffee und Zwetschgenkuchen.'),
    b.todo([text('Rechnung prüfen bis '), text(calendar.written(6, 'de-DE'))]),
    b.todo('Größere Säcke für das Dinkelmehl anfragen', [
      b.todo('Maße aus dem Lager holen'),
      b.done('Preis klären'),
    ]),
    b.todo([text('Müllerbursche grüßen '), date(calendar.day(12), calendar.day(14))]),
    b.done('Überweisung bestätigen'),
    b.heading(3, 'Später', [b.todo('Besuch in der Mühle planen'), b.todo('Übernachtung buchen')]),
  ]

const planningBody =
  (calendar: Calendar): Body =>
  (b) => [
    b.heading(1, 'Goals', [
      b.todo('A second shop by autumn'),
      b.todo('Everybody takes all of their holidays'),
    ]),
    b.heading(4, 'Numbers', [b.todo('Spreadsheet for the rent'), b.done('Ask the bank')]),
    b.template('Add a new quarter', [b.todo('Set three goals'), b.todo('Name who cares for each')]),
    b.block('code', { rich_text: words('- [ ] not a to-do, but code'), caption: [], language: 'markdown' }),
    b.block('equation', { expression: 'flour + water + time = bread' }),
    b.todo([
      text('Read '),
      text('every', { underline: true }),
      text(' page of the lease ⏰ '),
      date(calendar.day(30)),
    ]),
    b.todo(longText),
    b.todo(''),
  ]

const longText =
  'Write the long letter to the council about the loading bay: that we have asked four times since spring, that the ' +
  'sign was taken down in June and never came back, that the van now stands in the second row every morning between ' +
  'five and half past six, that the neighbours have been patient but will not be for ever, that we would gladly pay ' +
  'for the sign ourselves, and that a reply, even a short one, even a no, would be very welcome before the winter.'
