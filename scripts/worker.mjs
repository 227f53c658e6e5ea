import { runServerCommand } from './server-command.mjs'

/** `npm run worker`. Idle connections must not keep the process once it was told to end. */
await runServerCommand('worker')
process.exit()
