import { useOnline } from '@vueuse/core'

/**
 * Can the server be reached? The browser's own word counts when it says no; when it says yes, the last request
 * knows better.
 */
export function useReachability() {
  const online = useOnline()
  const isUnanswered = useState('unanswered', () => false)

  return {
    /** The browser has a network at all. */
    isOnline: online,
    isOffline: computed(() => !online.value || isUnanswered.value),
    /** A request was answered, whatever the answer was. */
    answered: () => void (isUnanswered.value = false),
    /** A request got no answer at all. */
    unanswered: () => void (isUnanswered.value = true),
  }
}
