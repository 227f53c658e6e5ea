import { seededId } from '../ids.ts'
import type { BlockBuilder } from '../block-builder.ts'
import {
  type BlockSeed,
  cell,
  childPage,
  type DatabaseSeed,
  date,
  type PageSeed,
  pageMention,
  statusColumn,
  text,
  words,
} from '../seed-builders.ts'
import { type Calendar, emoji, PEOPLE, rowWriter } from './setting.ts'

/** The original of a synced block on the packing page; other pages hold copies of it. */
export const SYNCED_CHECKLIST_ID = seededId('synced:checklist')
/** The original of a synced block on a page that nobody shared: copies of it lead nowhere. */
export const PRIVATE_SYNCED_ID = seededId('synced:private')

/** Projects with a status in three groups. */
export function projectsDatabase(calendar: Calendar): DatabaseSeed {
  return {
    id: seededId('db:projects'),
    parent: { type: 'workspace' },
    title: words('Projects'),
    icon: { type: 'icon', icon: { name: 'rocket', color: 'orange' } },
    cover: { type: 'external', external: { url: 'https://images.example.com/bread.jpg' } },
    ...calendar.touched(1),
    data_sources: [
      {
        id: seededId('ds:projects'),
        title: words('Projects'),
        properties: [
          { type: 'title', id: 'title', name: 'Project' },
          statusColumn('pSta', 'Status', {
            todo: [
              ['Idea', 'default'],
              ['Planned', 'gray'],
            ],
            doing: [
              ['Baking', 'yellow'],
              ['Waiting', 'orange'],
            ],
            done: [
              ['Served', 'green'],
              ['Dropped', 'red'],
            ],
          }),
          { type: 'people', id: 'pOwn', name: 'Owner' },
          { type: 'date', id: 'p%3Adue', name: 'Deadline' },
          { type: 'formula', id: 'pFor', name: 'Mood', expression: '"🙂"' },
        ],
      },
    ],
  }
}

type Body = (b: BlockBuilder) => BlockSeed[]

export function projectPages(calendar: Calendar): PageSeed[] {
  const row = rowWriter('projects', calendar)
  const project = (
    key: string,
    [icon, title]: [string, string],
    status: string,
    deadline: number | null,
    blocks: Body,
  ): PageSeed =>
    row(`project:${key}`, {
      properties: {
        Project: cell.title(title),
        Status: cell.status(status),
        Owner: cell.people([PEOPLE.chiara.id]),
        Deadline: cell.date(deadline === null ? null : calendar.day(deadline)),
        Mood: cell.formula('🙂'),
      },
      icon: emoji(icon),
      daysAgo: 2,
      blocks,
    })
  return [
    project('shop', ['🏪', 'Second shop'], 'Planned', 120, shopBody(calendar)),
    project('market', ['🎪', 'Christmas market'], 'Baking', 12, marketBody(calendar)),
    project('oven', ['🔥', 'Wood-fired oven'], 'Waiting', 45, (b) => [
      b.todo('Permit from the fire department', [b.done('Fill in form 12b'), b.todo('Wait')]),
      b.todo('Stones'),
      b.syncedCopy(PRIVATE_SYNCED_ID),
      b.todo('Somebody who can build it'),
    ]),
    project('website', ['🌐', 'New website'], 'Baking', 20, websiteBody),
    project('books', ['📚', 'Tidy up the books'], 'Served', -20, (b) => [
      b.done('Sort the receipts'),
      b.done('Scan them', [b.done('January to June'), b.done('July to December')]),
      b.done('Hand over to the tax adviser'),
    ]),
    project('bike', ['🚲', 'Cargo bike'], 'Dropped', null, (b) => [
      b.paragraph('Too hilly. Maybe electric, one day.'),
      b.todo('Sell the old trailer'),
    ]),
    project('moving', ['📦', 'Moving the bakery: the big list'], 'Planned', 60, packingBody),
    project('untitled', ['❔', ''], 'Idea', null, (b) => [b.todo('Give this page a name'), b.todo('')]),
  ]
}

const shopBody =
  (calendar: Calendar): Body =>
  (b) => [
    b.callout('📍', 'Corner of Lime Street, ground floor, 80 m².', [
      b.todo([text('Viewing on '), date(calendar.day(8), calendar.day(8))]),
      b.bullet('Questions', [b.todo('Is there a cellar?'), b.todo('May we put up a sign?')]),
    ]),
    b.heading(2, 'Money', [
      b.todo('Ask three banks', [b.done('Sparkasse'), b.todo('GLS'), b.todo('Volksbank')]),
      b.todo('Business plan', [b.todo('Costs', [b.todo('Rent', [b.todo('Heating')])])]),
    ]),
    childPage(seededId('page:shop-floor')),
    childPage(seededId('page:shop-names')),
  ]

const marketBody =
  (calendar: Calendar): Body =>
  (b) => [
    b.paragraph([
      text('Everything as in '),
      pageMention(seededId('page:meeting:retro'), 'Retro: the summer market'),
    ]),
    b.todo([text('Book the stall 🗓️ '), text(calendar.day(2))]),
    b.todo('Fairy lights'),
    b.heading(3, 'Take along (synced with the big list)'),
    b.syncedCopy(SYNCED_CHECKLIST_ID),
    b.heading(3, 'Recipes', [
      b.toggle('Gingerbread', [b.todo('Honey'), b.todo('Spices'), b.done('Hartshorn salt')]),
      b.toggle('Stollen', [b.todo('Raisins'), b.todo('Rum'), b.todo('Patience')]),
    ]),
    b.todo('Hot chocolate'),
    b.todo('Hot chocolate'),
    b.block('link_to_page', { type: 'page_id', page_id: seededId('page:welcome') }),
  ]

const websiteBody: Body = (b) => [
  b.columns(
    [
      b.todo('Photographs'),
      b.columns([b.todo('Of the bread')], [b.todo('Of the people', [b.todo('Ask them first')])]),
    ],
    [b.todo('Texts'), b.numbered('Home page', [b.todo('Opening hours'), b.todo('Map')])],
  ),
  b.synced([b.todo('Imprint and privacy notice'), b.quote('Short, please', [b.todo('Cut it by half')])]),
  b.block('bookmark', { url: 'https://example.com/inspiration', caption: words('Nice one') }),
  b.block('image', {
    type: 'external',
    external: { url: 'https://images.example.com/sketch.png' },
    caption: words('A sketch'),
  }),
  b.todo('Go live 🎉'),
]

const ROOMS = ['Bakehouse', 'Shop', 'Office', 'Cellar', 'Kitchen', 'Yard', 'Attic', 'Van']
const THINGS = [
  'Scales',
  'Mixing bowls',
  'Baking trays',
  'Proofing baskets',
  'Rolling pins',
  'Aprons',
  'Flour bins',
  'Labels',
  'Knives',
  'Cake tins',
  'Dough scrapers',
  'Paper bags',
  'Receipts',
  'Light bulbs',
  'Plants',
  'Coffee cups',
  'Recipes',
  'Tea towels',
]

/** More siblings than one request gives: 144 boxes to pack, one after the other. */
const packingBody: Body = (b) => [
  b.paragraph('One box for each thing in each room. Tick it when it is on the lorry.'),
  ...ROOMS.flatMap((room, roomIndex) =>
    THINGS.map((thing, index) => b.todo(`${room}: ${thing}`, [], (roomIndex + index) % 5 === 0)),
  ),
  {
    id: SYNCED_CHECKLIST_ID,
    type: 'synced_block',
    content: { synced_from: null },
    children: [
      b.todo('Cash box'),
      b.todo('First-aid kit'),
      b.todo('Tape, scissors, pens', [b.done('Spare tape')]),
    ],
  },
]

/** Child pages of the second shop: their to-dos are their own. */
export function projectChildPages(calendar: Calendar, b: BlockBuilder): PageSeed[] {
  const child = (key: string, title: string, icon: string | null, blocks: BlockSeed[]): PageSeed => ({
    id: seededId(`page:${key}`),
    parent: { type: 'page_id', page_id: seededId('page:project:shop') },
    properties: { title: cell.title(title) },
    icon: icon === null ? null : emoji(icon),
    blocks,
    ...calendar.touched(4),
  })
  return [
    child('shop-floor', 'Floor plan', '📐', [
      b.todo('Measure the window'),
      b.todo('Where does the counter go?', [b.todo('Left'), b.todo('Right')]),
    ]),
    child('shop-names', '', null, [
      b.todo('Ask everybody for three names'),
      b.bullet('Acme Zwei', [b.done('Check the trade register')]),
    ]),
  ]
}
