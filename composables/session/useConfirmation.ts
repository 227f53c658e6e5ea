import { toApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import type { ConfirmBody } from '#shared/schemas/session'
import { useSession } from './useSession'

const LINK_TYPES = ['signup', 'magiclink', 'recovery', 'email', 'email_change', 'invite'] as const

export type Confirmation =
  | { state: 'working' }
  /** The link is not tied to this browser: somebody else may have sent it, to have us work in their account. */
  | { state: 'asking'; proceed: () => Promise<void> }
  | { state: 'done'; type: string }
  | { state: 'failed'; code: FailureCode }

/** What the query of a mail's link proves; `null` when there is nothing to confirm in it. */
export function confirmationIn(query: Record<string, unknown>): ConfirmBody | null {
  const { code, token_hash: tokenHash } = query
  if (typeof code === 'string' && code !== '') return { code }
  const type = LINK_TYPES.find((known) => known === query.type)
  return typeof tokenHash === 'string' && tokenHash !== '' && type ? { tokenHash, type } : null
}

/**
 * Follows a link from a mail. It works once, so it is spent exactly once and taken out of the address bar
 * before anything else; a reload then shows the result of the session instead of a spent link.
 */
export function useConfirmation() {
  const api = useApi()
  const session = useSession()
  const route = useRoute()
  const router = useRouter()
  const confirmation = ref<Confirmation>({ state: 'working' })

  onMounted(async () => {
    const { next, type, ...proof } = route.query
    const body = confirmationIn(route.query)
    if (Object.keys(proof).length > 0) await router.replace({ query: next === undefined ? {} : { next } })
    if (!body) {
      confirmation.value = session.value
        ? { state: 'done', type: '' }
        : { state: 'failed', code: 'INVALID_REQUEST' }
      return
    }
    const follow = () => confirm(body, typeof type === 'string' ? type : '')
    // A code only works in the browser that asked for it; a token hash works wherever it is opened.
    if ('tokenHash' in body) confirmation.value = { state: 'asking', proceed: follow }
    else await follow()
  })

  async function confirm(body: ConfirmBody, type: string): Promise<void> {
    confirmation.value = { state: 'working' }
    try {
      const { user } = await api('POST /api/session/confirm', { body })
      session.value = user
      confirmation.value = { state: 'done', type }
    } catch (thrown) {
      confirmation.value = { state: 'failed', code: toApiError(thrown).code }
    }
  }

  return confirmation
}
