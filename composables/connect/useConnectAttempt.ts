import { toApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi, type Api } from '~/composables/api/useApi'
import { useSession } from '~/composables/session/useSession'
import type { ConnectReply } from '#shared/schemas/connection'

export type ConnectOutcome =
  | { state: 'connected'; reply: ConnectReply }
  | { state: 'cancelled' }
  | { state: 'refused' }
  | { state: 'failed'; code: FailureCode }

export type ConnectAttempt = { state: 'none' } | { state: 'working' } | ConnectOutcome

/** What Notion put into our URL when it sent the person back. */
export type NotionAnswer = { state: string; code: string } | { state: string; error: string }

/** Notion's answer in the query; `null` when the person came on their own. */
export function notionAnswerIn({ code, error, state }: Record<string, unknown>): NotionAnswer | null {
  if (typeof state !== 'string' || state === '') return null
  if (typeof error === 'string' && error !== '') return { state, error }
  return typeof code === 'string' && code !== '' ? { state, code } : null
}

/**
 * Answers under way or settled, by state. A state works once: a second component that meets the same answer
 * (mounted twice, say) must get the first one's outcome instead of spending it again.
 */
const outcomesOf = new WeakMap<object, Map<string, Promise<ConnectOutcome>>>()

/**
 * The way back from Notion. Code and state leave the address bar and the history before anything else happens,
 * then they are posted once. A reload finds a clean page.
 */
export function useConnectAttempt() {
  const api = useApi()
  const session = useSession()
  const route = useRoute()
  const router = useRouter()
  const nuxtApp = useNuxtApp()
  const answer = notionAnswerIn(route.query)
  const attempt = ref<ConnectAttempt>(answer ? { state: 'working' } : { state: 'none' })

  onMounted(async () => {
    if (!answer) return
    await router.replace({ query: {} })
    // Signed out on the way: the server could only refuse, so do not bother it with the code.
    if (!session.value) {
      attempt.value = { state: 'failed', code: 'UNAUTHENTICATED' }
      return
    }
    const outcomes = outcomesOf.get(nuxtApp) ?? new Map<string, Promise<ConnectOutcome>>()
    outcomesOf.set(nuxtApp, outcomes)
    const outcome = outcomes.get(answer.state) ?? settle(api, answer)
    outcomes.set(answer.state, outcome)
    attempt.value = await outcome
  })

  return attempt
}

async function settle(api: Api, answer: NotionAnswer): Promise<ConnectOutcome> {
  try {
    if ('code' in answer)
      return { state: 'connected', reply: await api('POST /api/connect-notion', { body: answer }) }
    return { state: (await api('POST /api/connect-notion/cancel', { body: answer })).outcome }
  } catch (thrown) {
    return { state: 'failed', code: toApiError(thrown).code }
  }
}
