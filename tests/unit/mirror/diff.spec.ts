import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Known, Seen, Wanted } from '#server/mirror/diff'
import { findLeftovers, indexOf, planRow } from '#server/mirror/diff'

// R75, R79: the map of rows decides what is written. A model of Notion carries the steps out.

const IDS = ['a', 'b', 'c', 'd', 'e', 'f']

const wantedArbitrary: fc.Arbitrary<Wanted[]> = fc
  .uniqueArray(
    fc.record({ todoId: fc.constantFrom(...IDS), text: fc.constantFrom('x', 'y'), checked: fc.boolean() }),
    { selector: ({ todoId }) => todoId },
  )
  .map((todos) => todos.map(({ todoId, text, checked }) => ({ todoId, checked, hash: `${text}:${checked}` })))

/** A row in the model: what it says, and whether somebody else edited it last. */
interface Row {
  todoId: string
  hash: string
  box: boolean
  isForeign: boolean
}

/** Notion, and what we remember of it. */
class Model {
  readonly rows = new Map<string, Row>()
  readonly map = new Map<string, Known>()
  writes = 0
  #nextPage = 0

  listing(): Seen[] {
    return [...this.rows].map(([pageId, { todoId, box, isForeign }]) => ({
      pageId,
      todoId,
      box,
      status: box,
      isForeign,
    }))
  }

  /** One whole run. @returns the ticks taken over, and how many were not */
  run(wanted: Wanted[], tickBack: boolean): { ticked: Map<string, boolean>; conflicts: number } {
    const listing = { rows: this.listing(), whole: true }
    const index = indexOf(listing)
    const ticked = new Map<string, boolean>()
    let conflicts = 0
    for (const todo of wanted) {
      const step = planRow(todo, this.map.get(todo.todoId), index, tickBack)
      if (step.do === 'keep') continue
      if (step.do === 'update' && step.conflict) conflicts += 1
      if (step.do === 'update' && step.ticked !== undefined) ticked.set(todo.todoId, step.ticked)
      const checked = ticked.get(todo.todoId) ?? todo.checked
      const hash = `${todo.hash.split(':')[0]}:${checked}`
      const pageId =
        step.do === 'update' || step.do === 'adopt' ? step.pageId : `page ${(this.#nextPage += 1)}`
      this.#write(pageId, { todoId: todo.todoId, hash, checked })
    }
    const { gone, doubles } = findLeftovers(
      new Set(wanted.map(({ todoId }) => todoId)),
      [...this.map.values()],
      listing,
    )
    for (const { todoId, pageId } of gone) {
      // A row that may have been made is looked for.
      const pages = pageId === null ? [...this.rows].filter(([, row]) => row.todoId === todoId) : [[pageId]]
      for (const [id] of pages) this.#trash(String(id))
      this.map.delete(todoId)
    }
    for (const pageId of doubles) this.#trash(pageId)
    return { ticked, conflicts }
  }

  #write(pageId: string, { todoId, hash, checked }: Wanted): void {
    this.writes += 1
    this.rows.set(pageId, { todoId, hash, box: checked, isForeign: false })
    this.map.set(todoId, { todoId, pageId, hash, checked })
  }

  #trash(pageId: string): void {
    if (this.rows.delete(pageId)) this.writes += 1
  }

  /** What stands in Notion for our to-dos. */
  shown(): Record<string, string[]> {
    const shown: Record<string, string[]> = {}
    for (const { todoId, hash } of this.rows.values()) {
      if (todoId !== '') shown[todoId] = [...(shown[todoId] ?? []), hash]
    }
    return shown
  }
}

const asShown = (wanted: Wanted[]) => Object.fromEntries(wanted.map(({ todoId, hash }) => [todoId, [hash]]))

/** What people and accidents do to a mirror. */
const mischief = fc.array(
  fc.record({
    todoId: fc.constantFrom(...IDS),
    what: fc.constantFrom('delete', 'duplicate', 'edit', 'tick', 'forget', 'doubt', 'own row'),
  }),
  { maxLength: 6 },
)

function disturb(model: Model, todoId: string, what: string): void {
  const found = [...model.rows].find(([, row]) => row.todoId === todoId)
  if (what === 'own row')
    model.rows.set(`theirs ${todoId}`, { todoId: '', hash: '', box: false, isForeign: true })
  if (!found) return
  const [pageId, row] = found
  if (what === 'delete') model.rows.delete(pageId)
  if (what === 'duplicate') model.rows.set(`copy of ${pageId}`, { ...row, isForeign: true })
  if (what === 'edit') Object.assign(row, { hash: 'scribbled', isForeign: true })
  if (what === 'tick') Object.assign(row, { box: !row.box, isForeign: true })
  if (what === 'forget') model.map.delete(todoId)
  const known = model.map.get(todoId)
  if (what === 'doubt' && known) model.map.set(todoId, { todoId, pageId: null, hash: null, checked: null })
}

describe('the map of rows', () => {
  it('leaves exactly one row a to-do, whatever was done to them, and then nothing to write', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wantedArbitrary, mischief), { minLength: 1, maxLength: 5 }), (rounds) => {
        const model = new Model()
        for (const [wanted, disturbances] of rounds) {
          model.run(wanted, false)
          expect(model.shown()).toEqual(asShown(wanted))
          const before = model.writes
          model.run(wanted, false)
          expect(model.writes).toBe(before)
          for (const { todoId, what } of disturbances) disturb(model, todoId, what)
        }
      }),
    )
  })

  it('writes what changed, and nothing else', () => {
    fc.assert(
      fc.property(wantedArbitrary, wantedArbitrary, (before, after) => {
        const model = new Model()
        model.run(before, false)
        const writes = model.writes
        model.run(after, false)
        const was = new Map(before.map((todo) => [todo.todoId, todo.hash]))
        const changed = after.filter((todo) => was.get(todo.todoId) !== todo.hash).length
        const left = before.filter(({ todoId }) => !after.some((todo) => todo.todoId === todoId)).length
        expect(model.writes - writes).toBe(changed + left)
      }),
    )
  })

  it('costs nothing in any order', () => {
    fc.assert(
      fc.property(
        wantedArbitrary.chain((todos) =>
          fc.tuple(fc.constant(todos), fc.shuffledSubarray(todos, { minLength: todos.length })),
        ),
        ([todos, shuffled]) => {
          const model = new Model()
          model.run(todos, false)
          const { writes } = model
          model.run(shuffled, false)
          expect(model.writes).toBe(writes)
        },
      ),
    )
  })

  it('never touches rows that people added themselves', () => {
    fc.assert(
      fc.property(wantedArbitrary, wantedArbitrary, (before, after) => {
        const model = new Model()
        model.run(before, true)
        disturb(model, 'a', 'own row')
        model.run(after, true)
        expect(model.rows.has('theirs a')).toBe(true)
      }),
    )
  })
})

describe('ticks in the mirror', () => {
  const TODO: Wanted = { todoId: 'a', hash: 'x:false', checked: false }

  it('are taken over when only the mirror changed, and for good', () => {
    const model = new Model()
    model.run([TODO], true)
    disturb(model, 'a', 'tick')
    expect(model.run([TODO], true).ticked).toEqual(new Map([['a', true]]))
    const ticked = { todoId: 'a', hash: 'x:true', checked: true }
    expect(model.run([ticked], true)).toEqual({ ticked: new Map(), conflicts: 0 })
    expect(model.shown()).toEqual(asShown([ticked]))
  })

  it('give way when the to-do changed as well, and that is said', () => {
    const model = new Model()
    model.run([TODO], true)
    disturb(model, 'a', 'tick')
    const renamed = { todoId: 'a', hash: 'y:false', checked: false }
    expect(model.run([renamed], true)).toEqual({ ticked: new Map(), conflicts: 1 })
    expect(model.shown()).toEqual(asShown([renamed]))
  })

  it('are no conflict when both were ticked', () => {
    const model = new Model()
    model.run([TODO], true)
    disturb(model, 'a', 'tick')
    const ticked = { todoId: 'a', hash: 'x:true', checked: true }
    expect(model.run([ticked], true)).toEqual({ ticked: new Map(), conflicts: 0 })
  })

  it('are put back where they do not count', () => {
    const model = new Model()
    model.run([TODO], false)
    disturb(model, 'a', 'tick')
    expect(model.run([TODO], false).ticked).toEqual(new Map())
    expect([...model.rows.values()].map(({ box }) => box)).toEqual([false])
  })

  it('may be set by Status instead of Done', () => {
    const known = { todoId: 'a', pageId: 'p', hash: 'x:false', checked: false }
    const row: Seen = { pageId: 'p', todoId: 'a', box: false, status: true, isForeign: true }
    const step = planRow(TODO, known, indexOf({ rows: [row], whole: false }), true)
    expect(step).toEqual({ do: 'update', pageId: 'p', restore: false, ticked: true })
  })
})
