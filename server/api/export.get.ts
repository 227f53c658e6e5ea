import { Readable } from 'node:stream'
import { ExportQuerySchema } from '#shared/schemas/export'
import { exportView } from '#server/export/export'

/** A view of this person's to-dos as a file: CSV, JSON, Markdown, or Markdown for Obsidian Tasks. */
export default defineApiHandler(
  async (event, { user, context }) => {
    const request = queryAs(event, ExportQuerySchema)
    const { headers, content } = await exportView(context, sessionDb(event), user.id, request)
    setResponseHeaders(event, headers)
    return Readable.from(content)
  },
  { limit: 'export' },
)
