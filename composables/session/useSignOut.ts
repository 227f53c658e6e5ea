import { useDevice } from '~/composables/offline/useDevice'
import { useSession } from './useSession'
import { useUnendedSession } from './useUnendedSession'

/**
 * Forgets everything that this device and its tabs hold, whether or not there is a way to the server, and only then ends
 * the session there. Never throws: where the server could not be told, the sign-in page says so (`AuthUnended`).
 */
export function useSignOut(): () => Promise<void> {
  const session = useSession()
  const device = useDevice()
  const unended = useUnendedSession()
  return async () => {
    unended.mark()
    await device.forget()
    session.value = null
    // Nothing is left to be shown; that it does not open without a network must not keep the server from being told.
    await Promise.resolve(navigateTo('/login')).catch(() => undefined)
    await unended.end()
  }
}
