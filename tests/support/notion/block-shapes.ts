import fc from 'fast-check'
import type { RichText } from '../../../sandbox/notion/seed-format.ts'
import { date, equation, link, text } from '../../../sandbox/notion/seed-builders.ts'

/** A block before it has an id: what it is, what it says, and its groups of children (one, or one per column). */
export interface Shape {
  kind: Kind
  words: RichText[]
  checked: boolean
  trashed: boolean
  /** Chooses an original for copies, a state for the rest. */
  pick: number
  groups: Shape[][]
}

const LEAVES = [
  'paragraph',
  'divider',
  'code',
  'equation',
  'breadcrumb',
  'table_of_contents',
  'table',
  'bookmark',
  'embed',
  'image',
  'video',
  'pdf',
  'file',
  'audio',
  'link_preview',
  'link_to_page',
  'unsupported',
  'copy',
  'foreign_copy',
  'child_page',
  'child_database',
] as const

const CONTAINERS = [
  'to_do',
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'toggle',
  'quote',
  'callout',
  'template',
  'original',
] as const

const LAYOUTS = ['column_list', 'tab', 'meeting_notes'] as const

export type Kind = (typeof LEAVES)[number] | (typeof CONTAINERS)[number] | (typeof LAYOUTS)[number]

/** Levels of blocks below a page; the writer cuts what would lie deeper (columns and tabs take two levels). */
export const MAX_DEPTH = 12
const MAX_SIBLINGS = 250

const SAMPLES = [
  '',
  'Buy milk',
  'Buy milk',
  'Rückruf für Größe XL',
  '🎂 cake',
  '- [ ] looks like one',
  ' \u00a0 ',
  '買い物',
]

const runs: fc.Arbitrary<RichText[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...SAMPLES).map((sample) => text(sample)) },
    {
      weight: 2,
      arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }).map((sample) => text(sample, { bold: true })),
    },
    { weight: 1, arbitrary: fc.constant(date('2026-11-20', '2026-11-22')) },
    { weight: 1, arbitrary: fc.constant(link('here', 'https://example.com/')) },
    { weight: 1, arbitrary: fc.constant(equation('e=mc^2')) },
  ),
  { maxLength: 3 },
)

const base = {
  words: runs,
  checked: fc.boolean(),
  trashed: fc.integer({ min: 0, max: 19 }).map((roll) => roll === 19),
  pick: fc.nat(99),
}

const todoLeaf: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constant<Kind>('to_do'),
  ...base,
  groups: fc.constant<Shape[][]>([]),
})

const leaf: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 3, arbitrary: todoLeaf },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom<Kind>(...LEAVES),
      ...base,
      groups: fc.constant<Shape[][]>([]),
    }),
  },
)

/** More siblings than one request gives; flat, or the tree would grow beyond any use. */
const crowd: fc.Arbitrary<Shape[]> = fc.array(leaf, { minLength: 101, maxLength: MAX_SIBLINGS, size: 'max' })

function treeArbitrary(): fc.Arbitrary<Shape> {
  const { node } = fc.letrec<{ node: Shape; children: Shape[] }>((tie) => ({
    node: fc.oneof(
      { maxDepth: MAX_DEPTH, depthSize: 'small', withCrossShrink: true, depthIdentifier: 'block' },
      leaf,
      fc.record({
        kind: fc.constantFrom<Kind>(...CONTAINERS),
        ...base,
        groups: tie('children').map((children) => [children]),
      }),
      fc.record({
        kind: fc.constantFrom<Kind>(...LAYOUTS),
        ...base,
        groups: fc.array(tie('children'), { minLength: 1, maxLength: 3 }),
      }),
    ),
    children: fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'block' }),
  }))
  return node
}

/** A chain of containers, to reach the deepest level more often than chance would. */
const chain: fc.Arbitrary<Shape> = fc
  .array(fc.record({ kind: fc.constantFrom<Kind>(...CONTAINERS), ...base }), {
    minLength: 6,
    maxLength: MAX_DEPTH - 1,
  })
  .chain((links) =>
    todoLeaf.map((bottom) => links.reduce<Shape>((inner, link) => ({ ...link, groups: [[inner]] }), bottom)),
  )

/** The body of a page: mostly a handful of small trees, now and then a crowd or a deep chain. */
export const bodyArbitrary: fc.Arbitrary<Shape[]> = fc.oneof(
  { weight: 24, arbitrary: fc.array(treeArbitrary(), { maxLength: 8 }) },
  { weight: 2, arbitrary: fc.array(chain, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: crowd },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.record({ kind: fc.constantFrom<Kind>(...CONTAINERS), ...base }), crowd)
      .map(([outer, children]) => [{ ...outer, groups: [children] }]),
  },
)
