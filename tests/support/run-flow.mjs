import { join } from 'node:path'
import { createJiti } from 'jiti'

/**
 * One thing that the app does, in a process of its own: something that can be killed. Takes the name of the
 * flow and its arguments as JSON, the settings from the environment, and prints what came of it.
 */

const ROOT = join(import.meta.dirname, '..', '..')
const jiti = createJiti(import.meta.url, {
  alias: { '#server': join(ROOT, 'server'), '#shared': join(ROOT, 'shared') },
})
const load = (path) => jiti.import(join(ROOT, 'server', path))

const [{ readEnvironment }, { createServiceDb }, { createPool }, { createTokenCipher }, { createProviders }] =
  await Promise.all(
    [
      'environment.ts',
      'db/client.ts',
      'db/pool.ts',
      'security/token-cipher.ts',
      'connections/providers/index.ts',
    ].map(load),
  )
const environment = readEnvironment(process.env)
const context = {
  environment,
  db: createServiceDb(environment.SUPABASE_URL, environment.SUPABASE_SECRET_KEY),
  sql: createPool(environment.DATABASE_URL, () => {}),
  cipher: createTokenCipher(
    environment.CREDENTIAL_ENCRYPTION_KEY,
    environment.CREDENTIAL_ENCRYPTION_KEYS_OLD,
  ),
  providers: createProviders(environment),
  log: { info: () => {}, warn: () => {}, error: () => {} },
  takeFromBudget: async () => {},
  // The worst case: nothing reaches the queue. What was begun has to be found without it.
  sendJob: async () => {},
}

const FLOWS = {
  async connect(callback) {
    const { finishConnecting } = await load('connections/connect.ts')
    return finishConnecting(context, callback)
  },
  async paste(request) {
    const { connectWithToken } = await load('connections/paste.ts')
    return connectWithToken(context, request)
  },
  async refresh({ connectionId }) {
    const { withConnection } = await load('connections/vault.ts')
    const { readOwnBot } = await load('notion/own-bot.ts')
    return withConnection(context, connectionId, 'interactive', ({ client }) => readOwnBot(client))
  },
  async disconnect(request) {
    const { disconnect } = await load('connections/disconnect.ts')
    return disconnect(context, request)
  },
  async revoke({ revocationId }) {
    const { revokeDue } = await load('connections/revoke.ts')
    return revokeDue(context, revocationId)
  },
  async deleteAccount({ user, email }) {
    const { deleteAccount } = await load('account/delete.ts')
    return deleteAccount(context, user, email)
  },
  async mirror(request) {
    const { runMirror } = await load('mirror/run.ts')
    return runMirror(context, request, new AbortController().signal)
  },
  async rotate() {
    const { rotateKeys } = await load('connections/rotate.ts')
    return rotateKeys(context)
  },
}

const [name, args] = process.argv.slice(2)
await FLOWS[name](JSON.parse(args))
process.stdout.write('finished\n')
process.exit(0)
