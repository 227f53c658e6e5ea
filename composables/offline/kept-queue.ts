import type { Batch } from './outbox'
import type { QueueKeeper } from './useOutbox'
import { isNoRoom, type Place, type Vault } from './vault'

/**
 * Keeps the queue of ticks on this device. Ticks come before the list, which the server has, too: where there is no
 * room, `makeRoom` is asked for some.
 *
 * @param tell how many changes are in memory only, and would be gone with the tab
 * @param tellLost so many actions that had been kept do not open any more; they are removed, and the others are kept:
 * each is sealed by itself and says in its seal which one it is, so none can be taken for another
 */
export function createKeptQueue(
  vault: Vault,
  makeRoom: () => Promise<void>,
  tell: (unkept: number) => void,
  tellLost: (actions: number) => void,
): QueueKeeper {
  const unkept = new Map<string, Batch>()
  /** Not wanted any more, but still there because removing them failed. */
  const leftOver = new Set<string>()
  // One after the other: an action must not be removed before it was put.
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => void (last = last.then(work))

  async function keep(batch: Batch): Promise<boolean> {
    const put = { store: 'outbox' as const, key: batch.clientId, value: batch }
    const write = async () => {
      await vault.write([put], placesOf(leftOver))
      leftOver.clear()
    }
    try {
      await write().catch(async (error: unknown) => {
        if (!isNoRoom(error)) throw error
        await makeRoom()
        await write()
      })
      unkept.delete(batch.clientId)
      return true
    } catch {
      unkept.set(batch.clientId, batch)
      return false
    }
  }

  /** What there was no room for before follows as soon as there is. */
  async function keepAll(batch: Batch): Promise<void> {
    const others = [...unkept.values()].filter(({ clientId }) => clientId !== batch.clientId)
    for (const one of [batch, ...others]) if (!(await keep(one))) break
    count()
  }

  async function remove(clientIds: readonly string[]): Promise<void> {
    for (const clientId of clientIds) {
      unkept.delete(clientId)
      leftOver.add(clientId)
    }
    count()
    await vault.write([], placesOf(leftOver)).then(
      () => leftOver.clear(),
      () => undefined,
    )
  }

  function count(): void {
    tell([...unkept.values()].reduce((sum, { changes }) => sum + changes.length, 0))
  }

  return {
    put: (batch) => {
      const value = { ...batch }
      inTurn(() => keepAll(value))
    },
    remove: (clientIds) => {
      if (clientIds.length > 0) inTurn(() => remove(clientIds))
    },
    load: async () => {
      const { values, unreadable } = await vault.read<Batch>('outbox')
      if (unreadable.length > 0) {
        tellLost(unreadable.length)
        inTurn(() => remove(unreadable))
      }
      return [...values.values()]
    },
  }
}

function placesOf(clientIds: Iterable<string>): Place[] {
  return [...clientIds].map((key) => ({ store: 'outbox', key }))
}
