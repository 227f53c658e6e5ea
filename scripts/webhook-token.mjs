import { runServerCommand } from './server-command.mjs'

/** `npm run webhook-token`, and with `-- --forget`. */
await runServerCommand('webhook-token')
