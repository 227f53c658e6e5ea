import { useDocumentVisibility } from '@vueuse/core'

/** However fast things change, no more than one question in this time. */
const QUIET_MS = 400
/** A stream that the server refused is tried again after this long; asking goes on meanwhile. */
const REFUSED_MS = 60_000

/**
 * Hears from the server that something has changed, for as long as the calling component lives and its page is
 * looked at: a browser has few connections to spare, so hidden pages give theirs back.
 *
 * @param onNews called when there may be something to ask for, never twice in a short while
 */
export function useLiveEvents(onNews: () => Promise<void>) {
  const visibility = useDocumentVisibility()
  const isLive = ref(false)
  let source: EventSource | null = null
  let quiet: ReturnType<typeof setTimeout> | null = null
  let isOwed = false
  let retry: ReturnType<typeof setTimeout> | undefined

  function announce(): void {
    if (quiet !== null) {
      isOwed = true
      return
    }
    isOwed = false
    void onNews()
    quiet = setTimeout(() => {
      quiet = null
      if (isOwed) announce()
    }, QUIET_MS)
  }

  function open(): void {
    if (source || typeof EventSource === 'undefined') return
    const opened = new EventSource('/api/sync/events')
    source = opened
    opened.addEventListener('open', () => (isLive.value = true))
    opened.addEventListener('change', announce)
    opened.addEventListener('progress', announce)
    opened.addEventListener('error', () => {
      isLive.value = false
      // The browser opens a broken stream again by itself, but not one that was refused.
      if (opened.readyState !== EventSource.CLOSED) return
      close()
      retry = setTimeout(open, REFUSED_MS)
    })
  }

  function close(): void {
    clearTimeout(retry)
    source?.close()
    source = null
    isLive.value = false
  }

  watch(visibility, (state) => (state === 'visible' ? open() : close()))
  onMounted(() => {
    if (visibility.value === 'visible') open()
  })
  onScopeDispose(() => {
    close()
    if (quiet !== null) clearTimeout(quiet)
  })
  return { isLive }
}
