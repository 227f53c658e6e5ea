import { breather } from '~/composables/time/breather'

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

/** Where something lies. */
export interface Place {
  store: Store
  key: string
}

export interface Contents<T> {
  values: Map<string, T>
  /** Keys of what does not open: a broken file, or a key that was lost. It never will. */
  unreadable: string[]
}

/** What one person keeps on this device. Everything is encrypted by a key that no script can read out. */
export interface Vault {
  /**
   * All that is kept in a store at one moment. What is read was written here, by this release and for this person, or
   * it does not open: so its form is not checked again.
   */
  read: <T>(store: Store) => Promise<Contents<T>>
  /**
   * All or nothing.
   *
   * @param onto what has to be there still, because this only adds to it
   * @throws when there is no room, the vault was emptied meanwhile, or `onto` is gone
   */
  write: (puts: readonly Put[], gone?: readonly Place[], onto?: Place) => Promise<void>
  /** Lets go of a whole store. @throws when the vault was emptied meanwhile */
  drop: (store: Store) => Promise<void>
  close: () => void
}

/** Names the key, since keys cannot be compared. Releases before it have written none. */
interface KnownKey {
  userId: string
  key: CryptoKey
  id?: string
}

/** There is no room on the device. */
export function isNoRoom(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
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
  const known = await knownKey(database)
  return vaultOf(database, known?.userId === userId ? known : await newKey(database, userId))
}

/** The same for what was open already: nothing is begun anew. @throws when it is this person's no more */
export async function reopenVault(userId: string): Promise<Vault> {
  const database = await openDatabase()
  const known = await knownKey(database)
  if (known?.userId === userId) return vaultOf(database, known)
  database.close()
  throw new Error('What was kept here is gone')
}

function vaultOf(database: IDBDatabase, { userId, key, id }: KnownKey): Vault {
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

  /** In a transaction that ends without a trace where the key is another by now, or `onto` is gone. */
  function whileOurs(work: (transaction: IDBTransaction) => void, onto?: Place): Promise<unknown> {
    return inTransaction(database, STORES, 'readwrite', (transaction) => {
      const own: IDBRequest<KnownKey | undefined> = transaction.objectStore('key').get('own')
      const base = onto && transaction.objectStore(onto.store).getKey(onto.key)
      const last = base ?? own
      // Signed out in another tab: nothing is written behind its back, nor with a key that is no longer kept.
      last.onsuccess = () => {
        const isOurs = own.result?.userId === userId && own.result.id === id
        if (isOurs && (!base || base.result !== undefined)) work(transaction)
        else transaction.abort()
      }
      return () => undefined
    })
  }

  return {
    async read<T>(store: Store) {
      const contents: Contents<T> = { values: new Map(), unreadable: [] }
      const breathe = breather()
      for (const [name, sealed] of await entriesOf(database, store)) {
        const opened = await open<T>(store, name, sealed).then(
          (value) => ({ value }),
          () => null,
        )
        if (opened) contents.values.set(name, opened.value)
        else contents.unreadable.push(name)
        await breathe()
      }
      return contents
    },
    async write(puts, gone = [], onto) {
      const sealed: [Put, Sealed][] = []
      const breathe = breather()
      for (const put of puts) {
        sealed.push([put, await seal(put)])
        await breathe()
      }
      await whileOurs((transaction) => {
        putEach(transaction, sealed.values(), () => {
          for (const { store, key: name } of gone) transaction.objectStore(store).delete(name)
        })
      }, onto)
    },
    async drop(store) {
      await whileOurs((transaction) => void transaction.objectStore(store).clear())
    },
    close: () => database.close(),
  }
}

/** One after the other: the browser copies each at once, and all of them would hold up the page. */
function putEach(transaction: IDBTransaction, rest: Iterator<[Put, Sealed]>, then: () => void): void {
  const { value: next } = rest.next()
  if (!next) return then()
  const [{ store, key }, sealed] = next
  transaction.objectStore(store).put(sealed, key).onsuccess = () => putEach(transaction, rest, then)
}

/** Names and values of one moment: between two transactions another tab may take an entry away. */
function entriesOf(database: IDBDatabase, store: Store): Promise<[string, Sealed][]> {
  return inTransaction(database, [store], 'readonly', (transaction) => {
    const names = transaction.objectStore(store).getAllKeys()
    const values: IDBRequest<Sealed[]> = transaction.objectStore(store).getAll()
    return () => values.result.map((sealed, index) => [String(names.result[index]), sealed])
  })
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

function knownKey(database: IDBDatabase): Promise<KnownKey | undefined> {
  return inTransaction(database, ['key'], 'readonly', (transaction) => {
    const own: IDBRequest<KnownKey | undefined> = transaction.objectStore('key').get('own')
    return () => own.result
  })
}

/** What lies here cannot be opened by it, so it goes in the same moment. */
async function newKey(database: IDBDatabase, userId: string): Promise<KnownKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Where there is a key to be made, there is this, too.
  const known = { userId, key, id: crypto.randomUUID() }
  await inTransaction(database, STORES, 'readwrite', (transaction) => {
    for (const store of STORES) transaction.objectStore(store).clear()
    transaction.objectStore('key').put(known, 'own')
    return () => undefined
  })
  return known
}

function clearAll(database: IDBDatabase): Promise<unknown> {
  return inTransaction(database, STORES, 'readwrite', (transaction) => {
    for (const store of STORES) transaction.objectStore(store).clear()
    return () => undefined
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

/** Resolves with what `work` has to tell once the transaction is through. @throws why it was not */
function inTransaction<T>(
  database: IDBDatabase,
  stores: readonly string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([...stores], mode)
    const tell = work(transaction)
    transaction.oncomplete = () => resolve(tell())
    // A request that fails ends the transaction, which then knows why: no room, for one.
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'))
  })
}
