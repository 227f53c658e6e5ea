import { flushPromises } from '@vue/test-utils'
import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CountingBody, CountingReply } from '#shared/schemas/database'
import { useSession } from '~/composables/session/useSession'
import Databases from '~/pages/databases.vue'
import { useLibraryStore } from '~/stores/library'
import { aDatabase, WORKSPACE } from '../../support/library'

const LIST = {
  id: 7,
  name: 'Launch',
  databaseIds: ['Bills', 'Closed'],
  createdAt: '2026-11-20T10:00:00.000Z',
}
const OPTIONS = [
  { id: 'open', name: 'Open' },
  { id: 'paid', name: 'Paid' },
  { id: 'void', name: 'Void' },
]

let lists: unknown[]
let candidates: CountingReply['candidates']
let changed: unknown[]
let counted: unknown[]

registerEndpoint('/api/auth-notion', () => ({ connected: true, workspaces: [WORKSPACE] }))
registerEndpoint('/api/todo-lists', () => ({ lists }))
registerEndpoint('/api/todo-lists/7', {
  method: 'PUT',
  handler: async (event) => {
    const body = (await readBody(event)) as object
    changed.push(body)
    return { list: { ...LIST, ...body } }
  },
})
const DATABASES = [
  aDatabase('Bills', { id: 'Bills' }),
  aDatabase('Closed', { id: 'Closed', accessible: false }),
  aDatabase('Ideas', { id: 'Ideas' }),
]
registerEndpoint('/api/search-notion', () => ({ databases: DATABASES, stale: [], indexing: false }))
registerEndpoint('/api/databases/Bills/counting', {
  method: 'GET',
  handler: () => ({ database: DATABASES[0], candidates }),
})
registerEndpoint('/api/databases/Bills/counting', {
  method: 'PUT',
  handler: async (event) => {
    const { boxes, rows } = await readBody(event).then((body: CountingBody) => (counted.push(body), body))
    return { database: aDatabase('Bills', { id: 'Bills', counts: { boxes, rows } }), candidates }
  },
})

/** The first time a form is opened its code has to be loaded. */
const PATIENCE = { timeout: 15_000 }
const open = (route: string) => mountSuspended(Databases, { route })
type Page = Awaited<ReturnType<typeof open>>
const rowOf = (page: Page, name: string) => page.findAll('li').find((row) => row.text().startsWith(name))
const isTicked = (page: Page, name: string) =>
  rowOf(page, name)?.get<HTMLInputElement>('input[type=checkbox]').element.checked

beforeEach(() => {
  useLibraryStore().clear()
  useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
  lists = [LIST]
  candidates = [{ type: 'status', id: 'st', name: 'Bill', options: OPTIONS }]
  changed = []
  counted = []
})

describe('/databases?list=7', () => {
  it('begins with what the list reads and is called, and saves what was changed', async () => {
    const page = await open('/databases?list=7')
    await vi.waitFor(() => expect(isTicked(page, 'Bills')).toBe(true), PATIENCE)
    expect(page.get('h1').text()).toBe('Change this list')
    expect(page.get<HTMLInputElement>('input[name=list-name]').element.value).toBe('Launch')
    expect(isTicked(page, 'Ideas')).toBe(false)
    await page.get('input[name=list-name]').setValue('Spring')
    await rowOf(page, 'Ideas')?.get('input').setValue(true)
    // What can no longer be read can be left out, too.
    await rowOf(page, 'Closed')?.get('input').setValue(false)
    await page.get('form').trigger('submit')
    await vi.waitFor(() => expect(useRouter().currentRoute.value.path).toBe('/lists/7'), PATIENCE)
    expect(changed).toEqual([{ name: 'Spring', databaseIds: ['Bills', 'Ideas'] }])
    expect(useLibraryStore().lists.map(({ name }) => name)).toEqual(['Spring'])
  })

  it('is a new list when there is no such list', async () => {
    const page = await open('/databases?list=8')
    await vi.waitFor(() => expect(page.text()).toContain('0 of 3 chosen.'), PATIENCE)
    expect(page.get('h1').text()).toBe('Choose databases')
  })
})

describe('what counts in a database', () => {
  async function openCounting() {
    const page = await open('/databases?list=7')
    await vi.waitFor(() => expect(isTicked(page, 'Bills')).toBe(true), PATIENCE)
    await page.get('button[aria-label="What counts as a to-do in Bills"]').trigger('click')
    await vi.waitFor(() => expect(page.find('li form').exists()).toBe(true), PATIENCE)
    return { page, form: page.get('li form') }
  }

  it('can be rows by a status, with the values that ticking and unticking write', async () => {
    const { page, form } = await openCounting()
    const [boxes, rows] = form.findAll('input[type=checkbox]')
    await boxes?.setValue(false)
    await rows?.setValue(true)
    expect(form.findAll('select').map((select) => select.element.value)).toEqual(['st', 'void', 'open'])
    await form.findAll('select')[1]?.setValue('paid')
    await form.trigger('submit')
    await vi.waitFor(() => expect(page.find('li form').exists()).toBe(false), PATIENCE)
    expect(counted).toEqual([
      { boxes: false, rows: true, done: { type: 'status', id: 'st', done: 'paid', notDone: 'open' } },
    ])
    expect(rowOf(page, 'Bills')?.text()).toContain('Its rows')
  })

  it('cannot be saved while both write the same', async () => {
    const { form } = await openCounting()
    await form.findAll('input[type=checkbox]')[1]?.setValue(true)
    await form.findAll('select')[1]?.setValue('open')
    expect(form.text()).toContain('Ticking and unticking have to write different values.')
    expect(form.get('button[type=submit]').attributes('disabled')).toBeDefined()
  })

  it('says why rows cannot count where nothing tells whether they are done', async () => {
    candidates = []
    const { form } = await openCounting()
    expect(form.findAll('input[type=checkbox]')[1]?.attributes('disabled')).toBeDefined()
    expect(form.text()).toContain('no check box or status property')
  })

  it('is left by Escape, without saving', async () => {
    const { page, form } = await openCounting()
    await form.trigger('keydown', { key: 'Escape' })
    await flushPromises()
    expect(page.find('li form').exists()).toBe(false)
    expect(counted).toEqual([])
  })
})

describe('the way to a first list', () => {
  it('says where one is, for as long as there is no list', async () => {
    lists = []
    const page = await open('/databases')
    await vi.waitFor(() => expect(page.find('[aria-current=step]').exists()).toBe(true), PATIENCE)
    expect(page.get('[aria-current=step]').text()).toContain('Choose databases')
    expect(page.get('ol a').attributes('href')).toBe('/connect-notion')
    page.unmount()
    lists = [LIST]
    useLibraryStore().clear()
    const later = await open('/databases')
    await vi.waitFor(() => expect(isTicked(later, 'Bills')).toBe(false), PATIENCE)
    expect(later.find('[aria-current=step]').exists()).toBe(false)
  })
})
