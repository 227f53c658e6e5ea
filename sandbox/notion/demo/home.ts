import { seededId } from '../ids.ts'
import { BlockBuilder } from '../block-builder.ts'
import {
  cell,
  childDatabase,
  childPage,
  type DatabaseSeed,
  options,
  type PageSeed,
  words,
} from '../seed-builders.ts'
import { type Calendar, emoji, rowWriter } from './setting.ts'
import { PRIVATE_SYNCED_ID } from './projects.ts'

/** A database with two data sources, a reading list, and one nobody has named yet. */
export function otherDatabases(calendar: Calendar): DatabaseSeed[] {
  const checkbox = (id: string, name: string) => ({ type: 'checkbox', id, name }) as const
  const title = (name: string) => ({ type: 'title', id: 'title', name }) as const
  return [
    {
      id: seededId('db:home'),
      parent: { type: 'workspace' },
      title: words('House and garden'),
      icon: {
        type: 'custom_emoji',
        custom_emoji: {
          id: seededId('emoji:loaf'),
          name: 'loaf',
          url: 'https://images.example.com/loaf.png',
        },
      },
      ...calendar.touched(3),
      data_sources: [
        {
          id: seededId('ds:house'),
          title: words('House'),
          properties: [title('Job'), checkbox('hDon', 'Finished')],
        },
        { id: seededId('ds:garden'), title: words('Garden'), icon: emoji('🌱'), properties: [title('Bed')] },
      ],
    },
    {
      id: seededId('db:reading'),
      parent: { type: 'page_id', page_id: seededId('page:welcome') },
      title: words('Reading list'),
      icon: {
        type: 'file',
        file: { url: 'https://files.example.com/book.png', expiry_time: calendar.moment(1) },
      },
      is_inline: true,
      ...calendar.touched(8),
      data_sources: [
        {
          id: seededId('ds:reading'),
          title: words('Reading list'),
          properties: [
            title('Title'),
            {
              type: 'select',
              id: 'rSta',
              name: 'State',
              options: options(['To read', 'gray'], ['Read', 'green']),
            },
            { type: 'url', id: 'rUrl', name: 'Link' },
            { type: 'number', id: 'rPag', name: 'Pages' },
          ],
        },
      ],
    },
    {
      id: seededId('db:untitled'),
      parent: { type: 'workspace' },
      title: [],
      ...calendar.touched(30),
      data_sources: [{ id: seededId('ds:untitled'), title: [], properties: [title('Name')] }],
    },
  ]
}

const HOUSE: [title: string, finished: boolean][] = [
  ['Bleed the radiators', false],
  ['Fix the gutter', false],
  ['Clear the attic', true],
  ['Smoke detectors', false],
]
const GARDEN = ['Tomatoes', 'Herbs', 'Compost', 'The old apple tree']
const BOOKS: [title: string, state: string, pages: number][] = [
  ['The Bread Baker’s Apprentice', 'Read', 336],
  ['Sourdough for Sceptics', 'To read', 212],
  ['Vom Korn zum Brot', 'To read', 180],
  ['A Short History of Yeast', 'To read', 97],
  ['How to Run a Small Shop', 'Read', 250],
]

export function otherRows(calendar: Calendar): PageSeed[] {
  const house = rowWriter('house', calendar)
  const garden = rowWriter('garden', calendar)
  const reading = rowWriter('reading', calendar)
  const untitled = rowWriter('untitled', calendar)
  return [
    ...HOUSE.map(([title, finished], index) =>
      house(`house:${index}`, {
        properties: { Job: cell.title(title), Finished: cell.checkbox(finished) },
        daysAgo: 3 + index,
        blocks: (b) => [
          b.todo('Look for the tools', [], finished),
          b.todo('Do it', [b.todo('Properly', [], finished)], finished),
          b.todo('Tidy up', [], finished),
        ],
      }),
    ),
    ...GARDEN.map((title, index) =>
      garden(`garden:${index}`, {
        properties: { Bed: cell.title(title) },
        daysAgo: 5 + index,
        blocks: (b) => [
          b.todo('Weed'),
          b.todo('Water', [b.done('Fill the butt')]),
          b.toggle('Next spring', [b.todo('Sow'), b.todo('Prick out')]),
        ],
      }),
    ),
    ...BOOKS.map(([title, state, pages], index) =>
      reading(`book:${index}`, {
        properties: {
          Title: cell.title(title),
          State: cell.select(state),
          Link: cell.url(`https://books.example.com/${index + 1}`),
          Pages: cell.number(pages),
        },
        daysAgo: 8 + index,
        blocks: (b) =>
          state === 'Read'
            ? [b.paragraph('Good.'), b.done('Read it'), b.todo('Give it back to the library')]
            : [b.todo('Read the first chapter'), b.todo('Decide whether to go on')],
      }),
    ),
    untitled('untitled:0', {
      properties: { Name: cell.title('') },
      blocks: (b) => [b.todo('Who made this?')],
    }),
    untitled('untitled:1', { properties: { Name: cell.title('Leftovers') }, blocks: () => [] }),
  ]
}

/** Pages outside the databases: a welcome, a wiki, and one that belongs to Ada alone. */
export function loosePages(calendar: Calendar): PageSeed[] {
  const b = new BlockBuilder('blocks:loose')
  const page = (
    key: string,
    title: string,
    icon: string,
    parent: PageSeed['parent'],
    blocks: PageSeed['blocks'],
  ) => ({
    id: seededId(`page:${key}`),
    parent,
    properties: { title: cell.title(title) },
    icon: emoji(icon),
    blocks,
    ...calendar.touched(6),
  })
  const top = { type: 'workspace' } as const
  const inside = (key: string) => ({ type: 'page_id', page_id: seededId(`page:${key}`) }) as const
  return [
    page('welcome', 'Welcome to Acme', '🏡', top, [
      b.heading(1, 'Good to have you'),
      b.paragraph('A small bakery with too many lists.'),
      b.todo('Get a key from Deniz'),
      b.todo('Pick an apron'),
      childDatabase(seededId('db:reading')),
      childPage(seededId('page:wiki')),
    ]),
    page('wiki', 'How we do things', '📖', inside('welcome'), [
      b.heading(2, 'Opening', [b.todo('Lights'), b.todo('Oven to 240 °C'), b.todo('Radio')]),
      b.heading(2, 'Closing', [b.todo('Count the till'), b.todo('Take out the ashes')]),
      childPage(seededId('page:sourdough')),
    ]),
    page('sourdough', 'Looking after Hermann, our sourdough', '🫙', inside('wiki'), [
      b.numbered('Feed', [b.todo('Flour'), b.todo('Water')]),
      b.numbered('Wait'),
      b.quote('Never use a metal spoon.'),
    ]),
    {
      ...page('private', 'Ada’s diary', '🔒', top, [
        {
          id: PRIVATE_SYNCED_ID,
          type: 'synced_block',
          content: { synced_from: null },
          children: [b.todo('Nobody else can see this')],
        },
      ]),
      private: true,
    },
    { ...page('trashed', 'Old wiki', '🗑️', top, [b.todo('Gone')]), in_trash: true },
  ]
}
