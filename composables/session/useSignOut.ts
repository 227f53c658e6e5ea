import { useApi } from '~/composables/api/useApi'
import { useDevice } from '~/composables/offline/useDevice'
import { useSession } from './useSession'

/** Ends the session on the server and forgets everything this tab and this device hold. */
export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const session = useSession()
  const device = useDevice()
  return async () => {
    await api('DELETE /api/session')
    await device.forget()
    session.value = null
    await navigateTo('/login')
  }
}
