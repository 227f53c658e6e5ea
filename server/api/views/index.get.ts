import type { ViewsReply } from '#shared/schemas/view'
import { loadViews } from '#server/views/saved'

/** This person's saved views, what they keep out of their lists, and the names their queries can use. */
export default defineApiHandler<ViewsReply>((event, { user, context }) =>
  loadViews(context, sessionDb(event), user.id),
)
