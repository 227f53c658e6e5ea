import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOutbox, type Batch } from '~/composables/offline/outbox'

let names = 0
function anAction(
  ticks: Record<number, boolean>,
  more: Partial<Batch> & { before?: boolean; at: number },
): Batch {
  const { before = false, ...rest } = more
  names += 1
  const changes = Object.entries(ticks).map(([id, checked]) => ({
    todoId: Number(id),
    notionId: `notion-${id}`,
    checked,
    before,
  }))
  return { clientId: `action-${names}`, changes, attempted: false, offline: false, ...rest }
}

const wishes = (batches: readonly Batch[]) =>
  batches.map(({ changes }) => Object.fromEntries(changes.map(({ todoId, checked }) => [todoId, checked])))

describe('outbox', () => {
  it('keeps the last of several wishes, as long as none was sent', () => {
    const outbox = createOutbox()
    outbox.add(anAction({ 1: true, 2: true }, { at: 1 }))
    outbox.add(anAction({ 1: false }, { at: 2, before: true }))
    expect(wishes(outbox.all())).toEqual([{ 2: true }])
  })

  it('has nothing to send where a wish leads back to where it began', () => {
    const outbox = createOutbox()
    outbox.add(anAction({ 1: true }, { at: 1 }))
    expect(outbox.add(anAction({ 1: false }, { at: 2 }))).toMatchObject({ batch: null, settled: [1] })
    expect(outbox.all()).toEqual([])
  })

  it('follows what was sent with what is wanted by now, and never alters it', () => {
    const outbox = createOutbox()
    const first = anAction({ 1: true }, { at: 1 })
    outbox.add(first)
    outbox.attempt(first.clientId)
    outbox.add(anAction({ 1: false }, { at: 2 }))
    expect(wishes(outbox.all())).toEqual([{ 1: true }, { 1: false }])
    expect(outbox.next(new Set([first.clientId]), 500)).toBeUndefined()
    outbox.settle(first.clientId)
    expect(outbox.next(new Set(), 500)?.changes).toMatchObject([{ checked: false }])
  })

  it('takes a wish in once, and the later one of two whichever comes first', () => {
    const outbox = createOutbox()
    const late = anAction({ 1: true }, { at: 9 })
    outbox.add(late)
    expect(outbox.add(late).batch).toBeNull()
    expect(outbox.add(anAction({ 1: true }, { at: 5 })).batch).toBeNull()
    expect(outbox.all()).toHaveLength(1)
  })

  it('sends what was done offline together, up to a limit', () => {
    const outbox = createOutbox()
    for (let id = 1; id <= 5; id += 1) outbox.add(anAction({ [id]: true }, { at: id, offline: true }))
    expect(outbox.next(new Set(), 3)?.changes.map(({ todoId }) => todoId)).toEqual([1, 2, 3])
    outbox.dropEmpty()
    expect(wishes(outbox.all())).toEqual([{ 1: true, 2: true, 3: true }, { 4: true }, { 5: true }])
  })

  it('brings every to-do to its last wish, whatever is sent when, lost, and sent again', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('click' as const),
        ids: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
        checked: fc.boolean(),
        offline: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('send' as const) }),
      // The server took it and its answer was lost; or it never arrived.
      fc.record({ kind: fc.constant('lose' as const), arrived: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const outbox = createOutbox()
        const server = new Map<number, boolean>()
        const taken = new Set<string>()
        const wanted = new Map<number, boolean>()
        const serve = ({ clientId, changes }: Batch) => {
          if (taken.has(clientId)) return
          taken.add(clientId)
          for (const { todoId, checked } of changes) server.set(todoId, checked)
        }
        const send = (outcome: 'answered' | 'arrived' | 'lost'): boolean => {
          const batch = outbox.next(new Set(), 3)
          if (!batch) return false
          outbox.dropEmpty()
          outbox.attempt(batch.clientId)
          if (outcome !== 'lost') serve(batch)
          if (outcome === 'answered') outbox.settle(batch.clientId)
          return true
        }
        for (const [at, one] of steps.entries()) {
          if (one.kind === 'send') send('answered')
          else if (one.kind === 'lose') send(one.arrived ? 'arrived' : 'lost')
          else {
            for (const id of one.ids) {
              wanted.set(id, one.checked)
              outbox.add(
                anAction(
                  { [id]: one.checked },
                  { at, offline: one.offline, before: server.get(id) ?? false },
                ),
              )
            }
          }
        }
        while (send('answered'));
        for (const [id, checked] of wanted) expect(server.get(id) ?? false).toBe(checked)
        expect(outbox.all()).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
