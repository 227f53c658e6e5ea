import type { DueDate } from './due'

/** A to-do as its row in the mirror shows it. */
export interface MirroredTodo {
  /** Notion's id of the block or row: the key. */
  todoId: string
  text: string
  checked: boolean
  due: DueDate | null
  people: string[]
  pageTitle: string
  pageUrl: string
  /** Opens the to-do itself. */
  url: string
  sourceName: string
  /** When it was made; null where Notion's answer did not say. */
  createdTime: string | null
  lastEditedTime: string | null
}
