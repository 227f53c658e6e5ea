import { emptyVault, isNoRoom, openVault, reopenVault, type Vault } from './vault'

/** What this person keeps here, opened when it is first asked for. */
export function openSteadily(userId: string): Vault {
  return steadyVault(
    () => openOrStartClean(userId),
    () => reopenVault(userId),
  )
}

/** What a later release has kept cannot be read by this one. */
async function openOrStartClean(userId: string): Promise<Vault> {
  try {
    return await openVault(userId)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'VersionError') throw error
    await emptyVault()
    return openVault(userId)
  }
}

/**
 * A vault that outlives what happens to the database below it: closed by the browser, or a transaction that broke. It
 * is opened once more, and asked once more; nothing is removed for that. What there is no room for is thrown at once.
 *
 * @param open for the first time
 * @param reopen later: never begins anew what somebody has emptied meanwhile
 */
export function steadyVault(open: () => Promise<Vault>, reopen: () => Promise<Vault>): Vault {
  let current: Vault | null = null
  let isClosed = false

  async function renew(): Promise<Vault> {
    const next = await (current ? reopen() : open())
    if (isClosed) {
      next.close()
      throw new Error('Let go of meanwhile')
    }
    current?.close()
    current = next
    return next
  }

  async function ask<T>(work: (vault: Vault) => Promise<T>): Promise<T> {
    const used = current ?? (await renew().catch(renew))
    try {
      return await work(used)
    } catch (error) {
      if (isNoRoom(error)) throw error
      return work(current === used ? await renew() : (current ?? used))
    }
  }

  return {
    read: (store) => ask((vault) => vault.read(store)),
    write: (puts, gone, onto) => ask((vault) => vault.write(puts, gone, onto)),
    drop: (store) => ask((vault) => vault.drop(store)),
    close: () => {
      isClosed = true
      current?.close()
    },
  }
}
