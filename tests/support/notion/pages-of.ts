import { simpleWorkspace, type SimpleWorkspace } from './simple-workspace.ts'

/** A workspace with one database of so many pages, three to-dos each, one of them in a toggle. */
export function pagesOf(key: string, count: number): SimpleWorkspace {
  return simpleWorkspace(
    key,
    Array.from({ length: count }, (_, index) => ({
      title: `Page ${index}`,
      blocks: (b) => [
        b.heading(2, 'Next'),
        b.todo(`First of ${index}`),
        b.todo(`Second of ${index}`),
        b.toggle('more', [b.todo(`Third of ${index}`)]),
      ],
    })),
  )
}

export const TODOS_PER_PAGE = 3

/** R55: ⌈P/100⌉ for the rows, and for each page one request for its body and one for its toggle. */
export function formula(pages: number): number {
  return Math.ceil(pages / 100) + pages * 2
}
