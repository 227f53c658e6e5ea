import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readView, sameView, writeView } from '~/composables/views/view-url'
import { DEFAULT_VIEW, GroupBySchema, SortBySchema } from '#shared/schemas/view'

const views = fc.record({
  query: fc.string({ maxLength: 20 }),
  group: fc.constantFrom(...GroupBySchema.options),
  sort: fc.constantFrom(...SortBySchema.options),
  show: fc.constantFrom('open' as const, 'all' as const),
})
/** Where a person begins: mostly where everybody does. */
const standards = fc.oneof(fc.constant(DEFAULT_VIEW), views)

/** As a browser brings an address back. */
function throughAddress(query: ReturnType<typeof writeView>): Record<string, string> {
  const set = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  return Object.fromEntries(new URLSearchParams(set))
}

describe('the view in the address', () => {
  it('comes back from it, whatever the person begins with', () => {
    fc.assert(
      fc.property(views, standards, (view, standard) => {
        const address = throughAddress(writeView(view, {}, standard))
        expect(readView(address, standard)).toEqual(view)
        if (sameView(view, standard)) expect(address).toEqual({})
      }),
    )
  })

  it('leaves other parameters alone and makes the best of nonsense', () => {
    expect(writeView({ ...DEFAULT_VIEW, query: 'x' }, { welcome: '1' })).toMatchObject({
      welcome: '1',
      q: 'x',
    })
    expect(readView({ q: ['a', 'b'], group: 'colour', sort: null, show: 'some' })).toEqual(DEFAULT_VIEW)
    expect(readView({ q: 'x'.repeat(5_000) }).query).toHaveLength(1_000)
  })
})
