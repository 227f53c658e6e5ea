import type { HealthReply } from '#shared/schemas/health'
import type { AppContext } from '#server/context'
import { checkInstallation } from '#server/boot-checks'
import { isJobQueueReady } from '#server/jobs/boss'

const PROBE = { userId: 'health', workspaceId: 'health', purpose: 'access' } as const

/** Is everything a request needs within reach? */
export async function checkHealth(context: AppContext): Promise<HealthReply> {
  const [database, key, queue] = await Promise.all([
    check(async () => {
      await checkInstallation(context)
      const { error } = await context.db.from('profiles').select('id', { head: true }).limit(1)
      return !error
    }),
    check(async () => {
      const sealed = await context.cipher.encrypt('probe', PROBE)
      return (await context.cipher.decrypt(sealed, PROBE)) === 'probe'
    }),
    check(isJobQueueReady),
  ])
  const checks = { database, key, queue }
  return { status: Object.values(checks).every((state) => state === 'ok') ? 'ok' : 'down', checks }
}

async function check(probe: () => Promise<boolean>): Promise<'ok' | 'down'> {
  return (await probe().catch(() => false)) ? 'ok' : 'down'
}
