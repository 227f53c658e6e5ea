import type { RulesReply } from '#shared/schemas/view'
import { RuleBodySchema } from '#shared/schemas/view'
import { changeRule } from '#server/views/saved'

/** Keep a database or a page out of all lists, or let it in again. */
export default defineApiHandler<RulesReply>(async (event, { user, context }) => {
  const body = await readBodyAs(event, RuleBodySchema)
  return { rules: await changeRule(context, user.id, body) }
})
