import type { Database } from '#shared/schemas/database'

/** A connected workspace as the server answers it. */
export const WORKSPACE = {
  connectionId: 1,
  workspaceId: 'w',
  name: 'Acme',
  icon: null,
  status: 'connected',
  connectedAt: '2026-11-20T10:00:00.000Z',
}

/** A database of that workspace; every test names only what it is about. */
export function aDatabase(name: string, changes: Partial<Database> = {}): Database {
  return {
    id: `id-of-${name}`,
    notionDatabaseId: `database-of-${name}`,
    name,
    icon: null,
    url: null,
    workspace: { connectionId: 1, name: 'Acme' },
    lastEditedTime: null,
    accessible: true,
    counts: { boxes: true, rows: false },
    doneProperty: null,
    ...changes,
  }
}
