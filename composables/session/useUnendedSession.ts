import { signedOutMark } from '#shared/session/signed-out-mark'
import { useApi } from '~/composables/api/useApi'

/** As long as nothing of the person's is left to be seen, nobody has to wait longer. */
const ANSWER_WITHIN_MS = 10_000
/** As long as a session may last. */
const MARK_MAX_AGE_SECONDS = 60 * 60 * 24 * 60
/** Other tabs hear it from here. */
export const SIGNED_OUT = 'roundup:signed-out'

/**
 * A session that was ended here, and of which the server does not know yet.
 *
 * - `mark()`: from now on this browser says with every request that it is to be ended, and other tabs forget it, too.
 * - `end()`: tells the server. Never throws; `state` says what came of it, and it can be tried again.
 */
export function useUnendedSession() {
  const api = useApi()
  const state = useState<'none' | 'ending' | 'failed'>('unended-session', () => 'none')

  function mark(): void {
    setMark(MARK_MAX_AGE_SECONDS)
    localStorage.setItem(SIGNED_OUT, String(Date.now()))
  }

  async function end(): Promise<void> {
    if (state.value === 'ending') return
    state.value = 'ending'
    try {
      await api('DELETE /api/session', { withinMs: ANSWER_WITHIN_MS })
      setMark(0)
      state.value = 'none'
    } catch {
      state.value = 'failed'
    }
  }

  return { state: readonly(state), mark, end }
}

function setMark(maxAgeSeconds: number): void {
  const isSecure = location.protocol === 'https:'
  const attributes = `path=/; max-age=${maxAgeSeconds}; samesite=lax${isSecure ? '; secure' : ''}`
  document.cookie = `${signedOutMark(isSecure)}=1; ${attributes}`
}
