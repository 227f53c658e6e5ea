import type { SyncStatus, Todo, TodosReply } from '#shared/schemas/todo'

/** A to-do as the server answers it; every test names only what it is about. */
export function aTodo(changes: Partial<Todo> & { id: number }): Todo {
  const text = changes.text ?? `To-do ${changes.id}`
  return {
    notionId: `00000000-0000-4000-8000-${String(changes.id).padStart(12, '0')}`,
    kind: 'block',
    text,
    richText: [{ text }],
    checked: false,
    page: aPage(1),
    databaseId: 'database-1',
    parentId: null,
    depth: 0,
    position: changes.id,
    headingPath: [],
    due: null,
    people: [],
    tags: [],
    url: `https://www.notion.so/page#${changes.id}`,
    write: { state: 'saved' },
    ...changes,
  }
}

export function aPage(id: number, changes: Partial<Todo['page']> = {}): Todo['page'] {
  return {
    id,
    title: `Page ${id}`,
    icon: null,
    url: `https://www.notion.so/page-${id}`,
    lastEditedTime: '2026-11-20T10:00:00.000Z',
    ...changes,
  }
}

export const IDLE: SyncStatus = {
  state: 'idle',
  complete: true,
  pagesDone: 1,
  pagesTotal: 1,
  requestsUsed: 3,
  lastFinishedAt: '2026-11-20T10:00:00.000Z',
  code: null,
  retryAt: null,
  budget: null,
  estimatedFinishAt: null,
  incompletePages: [],
  reading: [],
}

export function aReply(todos: Todo[], changes: Partial<TodosReply> = {}): TodosReply {
  return { todos, removed: [], seq: 1, sync: IDLE, ...changes }
}
