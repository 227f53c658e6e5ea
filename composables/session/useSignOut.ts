import { useApi } from '~/composables/api/useApi'
import { useSession } from './useSession'

/** Ends the session on the server and forgets everything this tab holds. */
export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const session = useSession()
  return async () => {
    await api('DELETE /api/session')
    session.value = null
    await navigateTo('/login')
  }
}
