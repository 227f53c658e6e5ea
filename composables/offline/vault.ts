/** A different one makes everything kept by another release unreadable: then one starts clean. */
const FORMAT = 1
const DATABASE = 'roundup'
const STORES = ['key', 'todos', 'outbox'] as const
type Store = 'todos' | 'outbox'

interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  data: ArrayBuffer
}

export interface Put {
  store: Store
  key: string
  /** Anything that JSON can say. */
  value: unknown
}

/** What one person keeps on this device. Everything is encrypted by a key that no script can read out. */
export interface Vault {
  /**
   * All that is kept in a store, by key. What is read was written here, by this release and for this person, or
   * it does not open: so its form is not checked again.
   *
   * @throws when anything of it cannot be opened
   */
  read: <T>(store: Store) => Promise<Map<string, T>>
  /** All or nothing. @throws when there is no room, or the vault was emptied meanwhile */
  write: (puts: readonly Put[], gone?: readonly { store: Store; key: string }[]) => Promise<void>
  close: () => void
}

/**
 * Opens what this person keeps here; what anybody else kept is removed first.
 *
 * AES-256-GCM with a fresh 96-bit nonce each time (NIST SP 800-38D §8.2.2). Whose it is, in which format and
 * where it stands is authenticated too, so that nothing can be passed off as something else.
 *
 * @throws when this browser keeps nothing (private windows, old browsers, broken files)
 */
export async function openVault(userId: string): Promise<Vault> {
  const database = await openDatabase()
  const known: { userId: string; key: CryptoKey } | undefined = await inTransaction(
    database,
    ['key'],
    'readonly',
    (transaction) => transaction.objectStore('key').get('own'),
  )
  const key = known?.userId === userId ? known.key : await newKey(database, userId)
  const about = (store: Store, name: string) =>
    new TextEncoder().encode(JSON.stringify([FORMAT, userId, store, name]))

  async function seal({ store, key: name, value }: Put): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const text = new TextEncoder().encode(JSON.stringify(value))
    const data = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: about(store, name) },
      key,
      text,
    )
    return { iv, data }
  }

  async function open<T>(store: Store, name: string, { iv, data }: Sealed): Promise<T> {
    const additionalData = about(store, name)
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, data)
    const value: T = JSON.parse(new TextDecoder().decode(text))
    return value
  }

  return {
    async read<T>(store: Store) {
      const [names, values] = await Promise.all([
        inTransaction(database, [store], 'readonly', (transaction) =>
          transaction.objectStore(store).getAllKeys(),
        ),
        inTransaction<Sealed[]>(database, [store], 'readonly', (transaction) =>
          transaction.objectStore(store).getAll(),
        ),
      ])
      const opened = await Promise.all(
        values.map(async (sealed, index): Promise<[string, T]> => {
          const name = String(names[index])
          return [name, await open<T>(store, name, sealed)]
        }),
      )
      return new Map(opened)
    },
    async write(puts, gone = []) {
      const sealed: [Put, Sealed][] = []
      // One after the other, so that the page can draw in between.
      for (const put of puts) sealed.push([put, await seal(put)])
      await inTransaction(database, STORES, 'readwrite', (transaction) => {
        const own: IDBRequest<{ userId: string } | undefined> = transaction.objectStore('key').get('own')
        // Signed out in another tab: nothing is written behind its back.
        own.onsuccess = () => {
          if (own.result?.userId !== userId) return transaction.abort()
          for (const [{ store, key: name }, value] of sealed) transaction.objectStore(store).put(value, name)
          for (const { store, key: name } of gone) transaction.objectStore(store).delete(name)
        }
        return own
      })
    },
    close: () => database.close(),
  }
}

/** Removes everything that anybody keeps on this device, key first of all. Never throws. */
export async function emptyVault(): Promise<void> {
  try {
    const database = await openDatabase()
    await clearAll(database)
    database.close()
  } catch {
    globalThis.indexedDB?.deleteDatabase(DATABASE)
  }
}

async function newKey(database: IDBDatabase, userId: string): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await clearAll(database)
  await inTransaction(database, ['key'], 'readwrite', (transaction) =>
    transaction.objectStore('key').put({ userId, key }, 'own'),
  )
  return key
}

function clearAll(database: IDBDatabase): Promise<undefined> {
  return inTransaction(database, STORES, 'readwrite', (transaction) => {
    const [first, ...others] = STORES
    for (const store of others) transaction.objectStore(store).clear()
    return transaction.objectStore(first).clear()
  })
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, FORMAT)
    request.onupgradeneeded = () => {
      for (const store of request.result.objectStoreNames) request.result.deleteObjectStore(store)
      for (const store of STORES) request.result.createObjectStore(store)
    }
    request.onsuccess = () => {
      // Another tab is a release ahead: it must not wait for this one.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not open'))
    request.onblocked = () => reject(new Error('IndexedDB is held open by another release'))
  })
}

/** Resolves with the request's result once the transaction is through. */
function inTransaction<T>(
  database: IDBDatabase,
  stores: readonly string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([...stores], mode)
    const request = work(transaction)
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'))
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'))
  })
}
