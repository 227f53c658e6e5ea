import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyVault, openVault, reopenVault, type Vault } from '~/composables/offline/vault'

const ADA = '00000000-0000-4000-8000-00000000000a'
const BOB = '00000000-0000-4000-8000-00000000000b'
const open: Vault[] = []

async function aVault(userId = ADA, make = openVault): Promise<Vault> {
  const vault = await make(userId)
  open.push(vault)
  return vault
}
const entry = (key: string) => ({ store: 'outbox' as const, key, value: { clientId: key } })

interface Sealed {
  iv: Uint8Array
  data: ArrayBuffer
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('roundup')
    opening.onsuccess = () => resolve(opening.result)
  })
}

/** Puts something behind the vault's back where an entry belongs. */
async function spoil(key: string, change: (sealed: Sealed) => object): Promise<void> {
  const opened = await database()
  const transaction = opened.transaction('outbox', 'readwrite')
  const store = transaction.objectStore('outbox')
  const reading: IDBRequest<Sealed> = store.get(key)
  reading.onsuccess = () => store.put(change(reading.result), key)
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  opened.close()
}

/** As another tab would: gets in front of every transaction that only reads. @returns what ends that */
function beforeEachReading(opened: IDBDatabase, work: (store: IDBObjectStore) => void): () => void {
  const prototype: IDBDatabase = Object.getPrototypeOf(opened)
  const begin = prototype.transaction
  prototype.transaction = function (...asked) {
    if (asked[1] === 'readonly') work(begin.call(opened, 'outbox', 'readwrite').objectStore('outbox'))
    return begin.apply(this, asked)
  }
  return () => {
    prototype.transaction = begin
    opened.close()
  }
}

beforeEach(emptyVault)
afterEach(() => {
  for (const vault of open.splice(0)) vault.close()
})

describe('a vault', () => {
  it('is read as of one moment, whatever another tab takes away meanwhile', async () => {
    const vault = await aVault()
    const keys = ['a', 'b', 'c', 'd']
    await vault.write(keys.map(entry))
    const restore = beforeEachReading(await database(), (store) => store.delete(keys.shift() ?? ''))
    const { values, unreadable } = await vault.read<{ clientId: string }>('outbox').finally(restore)
    expect(unreadable).toEqual([])
    expect([...values]).toEqual(keys.map((key) => [key, { clientId: key }]))
  })

  it('says which single entry does not open, and opens the others', async () => {
    const vault = await aVault()
    await vault.write(['a', 'b', 'c'].map(entry))
    await spoil('b', ({ iv }) => ({ iv, data: new ArrayBuffer(32) }))
    const { values, unreadable } = await vault.read('outbox')
    expect([...values.keys()].sort()).toEqual(['a', 'c'])
    expect(unreadable).toEqual(['b'])
  })

  it('takes no entry for another one', async () => {
    const vault = await aVault()
    await vault.write(['a', 'b'].map(entry))
    let taken: object = {}
    await spoil('a', (sealed) => (taken = sealed))
    await spoil('b', () => taken)
    expect((await vault.read('outbox')).unreadable).toEqual(['b'])
  })

  it('is not written to behind the back of a tab that emptied it, nor with the key of before', async () => {
    const before = await aVault()
    await before.write([entry('a')])
    await emptyVault()
    await expect(before.write([entry('b')])).rejects.toThrow()
    const now = await aVault()
    await expect(before.write([entry('c')])).rejects.toThrow()
    await expect(before.drop('outbox')).rejects.toThrow()
    await now.write([entry('d')])
    expect([...(await now.read('outbox')).values.keys()]).toEqual(['d'])
  })

  it('only adds to what is there still', async () => {
    const vault = await aVault()
    const onto = { store: 'todos' as const, key: 'head' }
    await expect(vault.write([entry('a')], [], onto)).rejects.toThrow()
    await vault.write([{ ...onto, value: 1 }])
    await vault.write([entry('a')], [], onto)
    await vault.drop('todos')
    await expect(vault.write([entry('b')], [], onto)).rejects.toThrow()
    expect([...(await vault.read('outbox')).values.keys()]).toEqual(['a'])
  })

  it('is opened again only where it is this person’s still', async () => {
    await expect(aVault(ADA, reopenVault)).rejects.toThrow()
    await (await aVault()).write([entry('a')])
    await expect(aVault(BOB, reopenVault)).rejects.toThrow()
    expect((await (await aVault(ADA, reopenVault)).read('outbox')).values.size).toBe(1)
    expect((await (await aVault(BOB)).read('outbox')).values.size).toBe(0)
  })
})
