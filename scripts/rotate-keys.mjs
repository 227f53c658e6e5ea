import { runServerCommand } from './server-command.mjs'

/** `npm run rotate-keys`. */
await runServerCommand('rotate-keys')
