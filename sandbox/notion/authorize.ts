import { z } from 'zod'
import { consentHtml, PAGE_HEADERS, refusalHtml } from './authorize-html.ts'
import { htmlReply, redirectReply, type Reply } from './http.ts'
import type { DatabaseRecord, PageRecord, WorkspaceRecord } from './records.ts'
import { plainText, titleRuns } from './rich-text.ts'
import type { World } from './world.ts'

/** `GET` and `POST /v1/oauth/authorize`: where a person approves or cancels (notion-api.md §2). */

const RequestSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.string(),
  response_type: z.literal('code'),
  owner: z.literal('user'),
  state: z.string().optional(),
  workspace: z.string().optional(),
})
type AuthorizeRequest = z.output<typeof RequestSchema>

const DecisionSchema = z.object({
  decision: z.enum(['approve', 'cancel']).default('approve'),
  user_id: z.string().optional(),
  /** The page lists every choice, so that no box ticked means nothing shared. */
  picked: z.literal('listed').optional(),
})

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1'])
const CALLBACK_PATH = '/connect-notion'

/** Whether a code may be sent there: this machine's own `/connect-notion`, or an address from the settings. */
export function isRegistered(world: World, redirectUri: string): boolean {
  if (world.settings.redirectUris.includes(redirectUri)) return true
  if (!URL.canParse(redirectUri)) return false
  const url = new URL(redirectUri)
  return (
    url.protocol === 'http:' &&
    LOCAL_HOSTS.has(url.hostname) &&
    url.pathname === CALLBACK_PATH &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  )
}

function readRequest(world: World, fields: URLSearchParams): AuthorizeRequest | Reply {
  const refuse = (reason: string) => htmlReply(400, refusalHtml(reason), PAGE_HEADERS)
  const clientId = fields.get('client_id')
  const redirectUri = fields.get('redirect_uri') ?? ''
  if (clientId !== world.settings.clientId) return refuse('Its client id is missing or unknown.')
  if (!isRegistered(world, redirectUri))
    return refuse('The address to return to is missing or not registered.')
  const parsed = RequestSchema.safeParse(Object.fromEntries(fields))
  if (parsed.success) return parsed.data
  return sendBack(redirectUri, { error: 'invalid_request', state: fields.get('state') ?? undefined })
}

function sendBack(redirectUri: string, answer: Record<string, string | undefined>): Reply {
  const url = new URL(redirectUri)
  for (const [key, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(key, value)
  return redirectReply(url.href)
}

/** Shows the consent page. */
export function showConsent(world: World, fields: URLSearchParams): Reply {
  const request = readRequest(world, fields)
  if ('headers' in request) return request
  const workspace = chosenWorkspace(world, request)
  if (!workspace) return htmlReply(400, refusalHtml('There is no workspace to connect.'), PAGE_HEADERS)
  const { client_id, redirect_uri, response_type, owner, state } = request
  const known = { client_id, redirect_uri, response_type, owner, ...(state === undefined ? {} : { state }) }
  const workspaces = [...world.store.workspaces.values()].map(({ id, name }) => ({
    name,
    href: `/v1/oauth/authorize?${new URLSearchParams({ ...known, workspace: id })}`,
    current: id === workspace.id,
  }))
  const page = {
    workspaceName: workspace.name,
    workspaces,
    people: workspace.users.map(({ id, name, email }) => ({ id, label: `${name} (${email})`, detail: '' })),
    pages: shareableRoots(world, workspace.id).map(describeRoot),
    hidden: { ...known, workspace: workspace.id, picked: 'listed' },
    returnsTo: new URL(redirect_uri).host,
  }
  return htmlReply(200, consentHtml(page), PAGE_HEADERS)
}

/** Takes the person's decision and sends the browser back with a code or an error. */
export function takeDecision(world: World, fields: URLSearchParams): Reply {
  const request = readRequest(world, fields)
  if ('headers' in request) return request
  const { redirect_uri: redirectUri, state } = request
  const decision = DecisionSchema.safeParse(Object.fromEntries(fields))
  if (!decision.success) return sendBack(redirectUri, { error: 'invalid_request', state })
  if (decision.data.decision === 'cancel') return sendBack(redirectUri, { error: 'access_denied', state })
  const workspace = chosenWorkspace(world, request)
  const userId =
    workspace?.users.find(({ id }) => id === decision.data.user_id)?.id ?? workspace?.users[0]?.id
  if (!workspace || userId === undefined) return sendBack(redirectUri, { error: 'server_error', state })
  const offered = shareableRoots(world, workspace.id).map(({ id }) => id)
  const picked = fields.getAll('page_ids')
  const everything = picked.length === 0 && decision.data.picked === undefined
  const rootIds = everything ? offered : offered.filter((id) => picked.includes(id))
  const code = world.codes.issue({ redirectUri, workspaceId: workspace.id, userId, rootIds }, world.clock())
  return sendBack(redirectUri, { code, state })
}

function chosenWorkspace(world: World, request: AuthorizeRequest): WorkspaceRecord | undefined {
  const all = [...world.store.workspaces.values()]
  return request.workspace === undefined ? all[0] : all.find(({ id }) => id === request.workspace)
}

/** What the picker offers: pages and databases at the top of the workspace that are not somebody else's. */
function shareableRoots(world: World, workspaceId: string): (PageRecord | DatabaseRecord)[] {
  const roots: (PageRecord | DatabaseRecord)[] = []
  for (const node of world.store.nodes.values()) {
    if (node.kind !== 'page' && node.kind !== 'database') continue
    if (node.workspaceId === workspaceId && node.parentId === null && !node.isPrivate && !node.inTrash)
      roots.push(node)
  }
  return roots
}

function describeRoot(root: PageRecord | DatabaseRecord) {
  const icon = root.icon?.type === 'emoji' ? `${root.icon.emoji} ` : ''
  const title = plainText(root.kind === 'page' ? titleRuns(root) : root.title) || 'Untitled'
  return { id: root.id, label: `${icon}${title}`, detail: root.kind === 'page' ? 'page' : 'database' }
}
