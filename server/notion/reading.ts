import type { DueDate } from '#shared/todo/due'
import type { RichTextSpan } from '#shared/todo/rich-text'

/** A person named in Notion; the name is empty when Notion gives only the id. */
export interface NotionPerson {
  id: string
  name: string
}

/** A check box in a page's body. */
export interface BlockTodo {
  notionId: string
  text: string
  richText: RichTextSpan[]
  checked: boolean
  /** The nearest to_do block around it, through any containers between them. */
  parentNotionId: string | null
  /** How many to_do blocks are around it. */
  depth: number
  /** Its place among the page's to-dos in document order, from 0. */
  position: number
  /** Texts of the headings it stands under, outermost first. */
  headingPath: string[]
  due: DueDate | null
  people: NotionPerson[]
  tags: string[]
  lastEditedTime: string
  /** It lives elsewhere and this page only mirrors it through a synced block. */
  viaCopy: boolean
}

/** A row counted as a to-do through its checkbox or status property. */
export interface RowTodo {
  notionId: string
  text: string
  richText: RichTextSpan[]
  checked: boolean
  due: DueDate | null
  people: NotionPerson[]
  tags: string[]
  lastEditedTime: string
}

export type UnreadableReason = 'not_shared' | 'access_denied' | 'malformed' | 'cursor' | 'failed'

/** What a reading saw and what it could not see. */
export interface Completeness {
  /** Nothing that could hold a to-do was missed for a reason we could know of. */
  complete: boolean
  /**
   * Every list of this page's own was read to its end: what is not in it any more is gone. True also where only the
   * original of a synced copy is closed to us.
   */
  safeToRemove: boolean
  blocksSeen: number
  /** Blocks whose children were listed, the page itself not counted. */
  containersOpened: number
  requests: number
  /** Blocks Notion itself cannot show through its API. */
  unsupported: { id: string; type: string }[]
  unreadable: { id: string; reason: UnreadableReason }[]
  /** A list ended before its end: at a limit, or because Notion stopped giving cursors. */
  truncated: boolean
  /** Synced copies met. */
  copies: number
}

export interface PageReading {
  /** In document order, each block once. */
  todos: BlockTodo[]
  childPages: { id: string; title: string }[]
  childDatabases: { id: string; title: string }[]
  completeness: Completeness
}

export type NotionIcon =
  | { type: 'emoji'; emoji: string }
  | { type: 'image'; url: string }
  | { type: 'named'; name: string; color: string }

export interface PropertyOption {
  id: string
  name: string
  color: string
}

/** A column of a data source; options and groups only where its type has them. */
export interface DataSourceProperty {
  id: string
  name: string
  type: string
  options?: PropertyOption[]
  groups?: { id: string; name: string; optionIds: string[] }[]
}

/** A table the connection can read, as the person chooses it. */
export interface DataSourceSummary {
  dataSourceId: string
  databaseId: string
  /** Empty when untitled. */
  name: string
  icon: NotionIcon | null
  url: string
  lastEditedTime: string
  properties: DataSourceProperty[]
  /** Notion's own object, for the cache. */
  raw: Record<string, unknown>
}

/** Which property of a row means done, and what to write into it. */
export type DoneProperty =
  | { id: string; type: 'checkbox'; done: true; notDone: false }
  | {
      id: string
      type: 'status'
      /** Id of the option to write when ticked. */
      done: string
      /** Id of the option to write when unticked. */
      notDone: string
      /** Ids of all options that count as done. */
      completeOptionIds: string[]
    }

/** What counts as a to-do in a data source. */
export interface Counting {
  boxes: boolean
  rows: boolean
  doneProperty: DoneProperty | null
}

export type PageParent =
  { type: 'page' | 'database' | 'data_source' | 'block' | 'other'; id: string } | { type: 'workspace' }

export interface PageSummary {
  notionId: string
  title: string
  icon: NotionIcon | null
  url: string
  lastEditedTime: string
  createdTime: string
  inTrash: boolean
  parent: PageParent
}
