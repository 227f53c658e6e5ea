import { runServerCommand } from './server-command.mjs'

/** `npm run webhook-token`, and with `-- --arm` or `-- --forget`. */
await runServerCommand('webhook-token')
