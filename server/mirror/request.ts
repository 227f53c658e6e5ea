import type { AppContext } from '#server/context'
import { listStaleMirrors, requestMirrorRun } from '#server/db/mirror-runs'
import { describeError } from '#server/logging/logger'
import { PRIORITY } from '#server/jobs/queues'

/**
 * Has a mirror compared with its list, whole, because somebody asked for it.
 *
 * @returns false when it is over or its workspace is not connected
 * @throws {DatabaseError}
 */
export async function requestMirror(context: AppContext, mirrorId: number): Promise<boolean> {
  if (!(await requestMirrorRun(context.db, mirrorId, true))) return false
  await queueMirror(context, mirrorId, PRIORITY.person).catch((error: unknown) => {
    // The wish is safe: mirrors that nobody works on are looked for every minute.
    context.log.error({ event: 'mirror.not_queued', mirrorId, ...describeError(error) })
  })
  return true
}

/** After a connection was read: mirrors of lists that read it follow, if there is anything to follow. @throws {DatabaseError} */
export async function requestStaleMirrors(context: AppContext, connectionId: number): Promise<void> {
  for (const mirrorId of await listStaleMirrors(context.db, connectionId)) {
    if (await requestMirrorRun(context.db, mirrorId, false)) await queueMirror(context, mirrorId)
  }
}

/** Puts the run of a mirror on the queue. */
export function queueMirror(
  context: AppContext,
  mirrorId: number,
  priority: number = PRIORITY.schedule,
): Promise<void> {
  return context.sendJob('mirror-list', { mirrorId }, { key: String(mirrorId), priority })
}
