import { exportAccount } from '#server/account/export'

/** Everything that is stored about the person who asks, as a file. */
export default defineApiHandler(
  async (event, { user, context }) => {
    setResponseHeader(event, 'content-disposition', 'attachment; filename="roundup-export.json"')
    return exportAccount(context, user)
  },
  { limit: 'account-export' },
)
