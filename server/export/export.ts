import type { ExportFormat, ExportQuery } from '#shared/schemas/export'
import type { TodoView } from '#shared/schemas/view'
import { SCREENS } from '#shared/todo/scope'
import type { AppContext } from '#server/context'
import type { Db } from '#server/db/client'
import { listSavedViews } from '#server/db/saved-views'
import { AppError } from '#server/errors/app-error'
import type { Selection } from '#server/views/select'
import { selectTodos } from '#server/views/select'
import { toCsv } from './csv'
import { toJson } from './json'
import { toMarkdown, toObsidianTasks } from './markdown'

export interface ExportedFile {
  headers: Record<string, string>
  /** Piece by piece: a long list is never held as one text. */
  content: Iterable<string>
}

/** What a format writer is given, beside the to-dos. */
export interface ExportOptions {
  view: TodoView
  now: Date
  timeZone: string
  locale: 'en' | 'de'
  bom: boolean
}

const TYPES: Record<ExportFormat, { mime: string; extension: string }> = {
  csv: { mime: 'text/csv; charset=utf-8', extension: 'csv' },
  json: { mime: 'application/json; charset=utf-8', extension: 'json' },
  markdown: { mime: 'text/markdown; charset=utf-8', extension: 'md' },
  'obsidian-tasks': { mime: 'text/markdown; charset=utf-8', extension: 'md' },
}

/**
 * A view as a file, of everything or of one screen, in the order it is seen in.
 *
 * @throws {AppError} NOT_FOUND when the view or the list is not the user's; INVALID_REQUEST for a line with a mistake
 * @throws {DatabaseError}
 */
export async function exportView(
  context: AppContext,
  userDb: Db,
  userId: string,
  request: ExportQuery,
): Promise<ExportedFile> {
  const { format, list: listId, screen, timeZone, locale, bom } = request
  const now = new Date()
  const { name, view: asked } = await viewOf(userDb, userId, request)
  const view = { ...asked, ...(screen && SCREENS[screen].view) }
  const selection = await selectTodos(userDb, context.db, { userId, view, listId, screen, now, timeZone })
  const { mime, extension } = TYPES[format]
  return {
    headers: {
      'content-type': mime,
      'content-disposition': `attachment; filename="${fileName(name, now)}.${extension}"`,
    },
    content: write(format, selection, { view, now, timeZone, locale, bom }),
  }
}

async function viewOf(
  userDb: Db,
  userId: string,
  { view: id, q, group, sort, show }: ExportQuery,
): Promise<{ name: string; view: TodoView }> {
  if (id === undefined) return { name: '', view: { query: q, group, sort, show } }
  const [saved] = await listSavedViews(userDb, userId, id)
  if (!saved) throw new AppError('NOT_FOUND')
  return saved
}

function write(format: ExportFormat, selection: Selection, options: ExportOptions): Iterable<string> {
  switch (format) {
    case 'csv':
      return toCsv(selection, options)
    case 'json':
      return toJson(selection, options)
    case 'markdown':
      return toMarkdown(selection, options)
    case 'obsidian-tasks':
      return toObsidianTasks(selection, options)
  }
}

const NAME_MAX_LENGTH = 60

/** Plain letters, digits and hyphens, whatever the view is called: the name goes into a header. */
function fileName(viewName: string, now: Date): string {
  const plain = viewName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, NAME_MAX_LENGTH)
  return ['roundup', plain, now.toISOString().slice(0, 10)].filter(Boolean).join('-')
}
