import type { ExportedTodo } from '#shared/schemas/export'
import type { Todo } from '#shared/schemas/todo'
import type { Selection } from '#server/views/select'
import type { ExportOptions } from './export'

/** One object with the view and its to-dos (`JsonExportSchema`), a to-do a line. */
export function* toJson(
  selection: Selection,
  { view, now }: Pick<ExportOptions, 'view' | 'now'>,
): Generator<string> {
  yield `{"exportedAt":${JSON.stringify(now.toISOString())},\n"view":${JSON.stringify(view)},\n"todos":[`
  let separator = '\n'
  for (const todo of selection.todos) {
    yield separator + JSON.stringify(toExported(todo, selection))
    separator = ',\n'
  }
  yield '\n]}\n'
}

function toExported(todo: Todo, { parents, byId, databases }: Selection): ExportedTodo {
  const database = databases.get(todo.databaseId)
  return {
    id: todo.notionId,
    kind: todo.kind,
    text: todo.text,
    done: todo.checked,
    due: todo.due && { start: todo.due.start, end: todo.due.end ?? null },
    people: todo.people,
    tags: todo.tags,
    headings: todo.headingPath,
    parent: byId.get(parents.get(todo.id) ?? -1)?.notionId ?? null,
    page: { title: todo.page.title, url: todo.page.url },
    database: { id: todo.databaseId, name: database?.name ?? '' },
    workspace: database?.workspace.name ?? '',
    url: todo.url,
  }
}
