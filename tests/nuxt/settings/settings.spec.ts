import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody, setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ConnectNeedsYou from '~/components/Connect/NeedsYou.vue'
import ConnectTokenForm from '~/components/Connect/TokenForm.vue'
import SettingsDeleteAccountDialog from '~/components/Settings/DeleteAccountDialog.vue'
import SettingsWorkspaces from '~/components/Settings/Workspaces.vue'
import { useSession } from '~/composables/session/useSession'
import { mostUrgent } from '~/composables/settings/connect-path'
import { useLibraryStore } from '~/stores/library'
import type { Workspace } from '#shared/schemas/connection'

const ACME: Workspace = {
  connectionId: 7,
  workspaceId: 'w',
  name: 'Acme',
  icon: '🏭',
  kind: 'oauth',
  status: 'connected',
  reason: null,
  connectedAt: '2026-11-20T10:00:00.000Z',
  checkedAt: null,
}

let posted: unknown[] = []
let workspaces: Workspace[] = []
let refusal: { status: number; code: string; issue?: string } | null = null

/** Notes what was sent, then refuses or answers. */
function answering(reply: unknown) {
  return async (event: Parameters<typeof readBody>[0]) => {
    posted.push(await readBody(event))
    if (!refusal) return reply
    setResponseStatus(event, refusal.status)
    const issues = refusal.issue ? [{ path: 'token', code: refusal.issue }] : undefined
    return { error: { code: refusal.code, message: 'x', requestId: 'r', ...(issues && { issues }) } }
  }
}

registerEndpoint('/api/auth-notion', () => ({ connected: true, workspaces }))
registerEndpoint('/api/todo-lists', () => ({ lists: [] }))
registerEndpoint('/api/search-notion', () => ({ databases: [], stale: [], indexing: false }))
registerEndpoint('/api/disconnect-notion', {
  method: 'POST',
  handler: answering({ connectionId: 7, status: 'disconnected' }),
})
registerEndpoint('/api/connect-notion/token', {
  method: 'POST',
  handler: answering({ workspace: ACME, databases: [], indexing: false, returnTo: '/databases' }),
})
registerEndpoint('/api/account', { method: 'DELETE', handler: answering({}) })
registerEndpoint('/api/connections/7/log', () => ({
  entries: [
    { at: '2026-11-20T12:00:00.000Z', event: 'refresh', outcome: 'failed', code: 'NOTION_UNAVAILABLE' },
    { at: '2026-11-20T11:00:00.000Z', event: 'connect', outcome: 'ok', code: 'replaced' },
    { at: '2026-11-20T10:00:00.000Z', event: 'health', outcome: 'ok', code: 'a_code_of_later' },
  ],
}))

const dialog = () => document.querySelector('[role=dialog]')
function press(name: string): void {
  const buttons = [...(dialog()?.querySelectorAll('button') ?? [])]
  const button = buttons.find((one) => one.textContent.trim() === name)
  if (!button) throw new Error(`The dialog has no button “${name}”`)
  button.click()
}

async function openWorkspaces(shown: Workspace[]) {
  workspaces = shown
  const library = useLibraryStore()
  library.invalidate()
  await library.ensure()
  return mountSuspended(SettingsWorkspaces)
}

beforeEach(() => {
  posted = []
  refusal = null
  useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
})
afterEach(() => {
  document.body.innerHTML = ''
})

describe('workspaces in the settings', () => {
  it.each([
    ['connected', null, 'Connected', undefined],
    ['expired', null, 'renewed by itself', '/api/auth/notion/start?returnTo=%2Fsettings'],
    [
      'needs_reauthorization',
      'revoked_remotely',
      'Access was withdrawn in Notion.',
      '/api/auth/notion/start?returnTo=%2Fsettings',
    ],
    ['disconnected', 'user_request', 'cannot be ticked', '/api/auth/notion/start?returnTo=%2Fsettings'],
  ] as const)('says why one is %s and what to do', async (status, reason, words, href) => {
    const page = await openWorkspaces([{ ...ACME, status, reason }])
    expect(page.text()).toContain(words)
    expect(page.find('a[href^="/api/auth"]').exists()).toBe(href !== undefined)
    if (href) expect(page.get('a[href^="/api/auth"]').attributes('href')).toBe(href)
  })

  it('reconnects a pasted token by pasting one', async () => {
    const page = await openWorkspaces([{ ...ACME, kind: 'internal', status: 'needs_reauthorization' }])
    expect(page.get('a[aria-label="Reconnect “Acme”"]').attributes('href')).toBe('/connect-notion?with=token')
  })

  it.each(['remove', 'freeze'] as const)('disconnects and lets its to-dos %s', async (choice) => {
    const page = await openWorkspaces([ACME])
    await page.get('[aria-label="Disconnect “Acme”"]').trigger('click')
    await vi.waitFor(() => expect(dialog()?.textContent).toContain('given back to Notion'))
    expect(posted, 'nothing happens before the verb is pressed').toEqual([])
    dialog()?.querySelector<HTMLInputElement>(`input[value=${choice}]`)?.click()
    workspaces = []
    press('Disconnect')
    await vi.waitFor(() => expect(posted).toEqual([{ connectionId: 7, lists: choice }]))
    await vi.waitFor(() => expect(page.text()).toContain('No Notion workspace is connected yet.'))
  })

  it('keeps the dialog open and says so when it did not work', async () => {
    const page = await openWorkspaces([ACME])
    refusal = { status: 500, code: 'INTERNAL' }
    await page.get('[aria-label="Disconnect “Acme”"]').trigger('click')
    await vi.waitFor(() => expect(dialog()).not.toBeNull())
    press('Disconnect')
    await vi.waitFor(() => expect(dialog()?.textContent).toContain('Something went wrong on our side.'))
    expect(page.text()).toContain('Acme')
  })

  it('tells what happened lately in words, leaving out codes it does not know', async () => {
    const page = await openWorkspaces([ACME])
    await page.get('[aria-label="Activity of “Acme”"]').trigger('click')
    await vi.waitFor(() => expect(page.findAll('ol li')).toHaveLength(3))
    const lines = page.findAll('ol li span').map((line) => line.text())
    expect(lines).toEqual([
      'The key could not be renewed. Notion cannot be reached.',
      'Connected. It took the place of the former key.',
      'Checked: the connection works.',
    ])
  })
})

describe('pasting a token', () => {
  it.each([
    [{ status: 400, code: 'INVALID_REQUEST', issue: 'refused' }, 'Notion does not accept this token.'],
    [{ status: 400, code: 'INVALID_REQUEST', issue: 'no_workspace' }, 'No workspace belongs to this token.'],
    [{ status: 400, code: 'INVALID_REQUEST' }, 'does not look like a token'],
    [{ status: 503, code: 'NOTION_UNAVAILABLE' }, 'Nothing was stored.'],
  ])('explains %j', async (answer, words) => {
    refusal = answer
    const form = await mountSuspended(ConnectTokenForm)
    await form.get('input').setValue('ntn_x')
    await form.get('form').trigger('submit')
    await vi.waitFor(() => expect(form.text()).toContain(words))
  })

  it('hides what is typed and goes to the databases', async () => {
    const form = await mountSuspended(ConnectTokenForm)
    expect(form.get('input').attributes()).toMatchObject({ type: 'password', autocomplete: 'off' })
    await form.get('input').setValue('ntn_secret')
    await form.get('form').trigger('submit')
    await vi.waitFor(() => expect(useRouter().currentRoute.value.path).toBe('/databases'))
    expect(posted).toEqual([{ token: 'ntn_secret' }])
  })
})

describe('deleting the account', () => {
  const openDialog = () =>
    mountSuspended(SettingsDeleteAccountDialog, { props: { open: true, email: 'ada@example.org' } })
  async function type(text: string): Promise<void> {
    await vi.waitFor(() => expect(dialog()?.querySelector('input')).not.toBeNull())
    const input = dialog()?.querySelector('input')
    if (!input) throw new Error('There is nothing to type into')
    input.value = text
    input.dispatchEvent(new Event('input'))
    dialog()
      ?.querySelector('form')
      ?.dispatchEvent(new Event('submit', { cancelable: true }))
  }

  it('says that the address is another one, and leaves the person signed in', async () => {
    refusal = { status: 400, code: 'INVALID_REQUEST' }
    await openDialog()
    await type('eve@example.org')
    await vi.waitFor(() => expect(dialog()?.textContent).toContain('not the address of this account'))
    expect(useSession().value).not.toBeNull()
  })

  it('signs out', async () => {
    await openDialog()
    await type(' ada@example.org ')
    await vi.waitFor(() => expect(useSession().value).toBeNull())
    expect(posted).toEqual([{ email: 'ada@example.org' }])
  })
})

describe('the workspace that needs the person', () => {
  it('is the one that cannot mend itself', () => {
    const expired: Workspace = { ...ACME, connectionId: 1, status: 'expired' }
    const stuck: Workspace = { ...ACME, connectionId: 2, status: 'needs_reauthorization' }
    expect(mostUrgent([ACME, expired, stuck])).toBe(stuck)
    expect(mostUrgent([ACME, expired])).toBe(expired)
    expect(mostUrgent([ACME, { ...ACME, status: 'disconnected' }])).toBeUndefined()
  })

  it('is named, with one button that comes back here', async () => {
    const banner = await mountSuspended(ConnectNeedsYou, {
      props: { workspace: { ...ACME, status: 'needs_reauthorization' } },
      route: '/settings',
    })
    expect(banner.text()).toContain('“Acme” has to be reconnected.')
    expect(banner.findAll('a, button')).toHaveLength(1)
    expect(banner.get('a').attributes('href')).toBe('/api/auth/notion/start?returnTo=%2Fsettings')
  })
})
