import { receiveWebhook, WEBHOOK_MAX_BYTES } from '#server/webhooks/receive'

/** Where Notion says that something has changed. Anybody may call; only what Notion signed counts. */
export default definePublicApiHandler(
  async (event, { context }) => ({
    outcome: await receiveWebhook(context, {
      body: await readBytes(event, WEBHOOK_MAX_BYTES),
      signature: getRequestHeader(event, 'x-notion-signature'),
    }),
  }),
  { limit: 'webhook' },
)
