import { useEventListener } from '@vueuse/core'
import { useViewStore } from '~/stores/view'
import type { ListFocus } from './useListFocus'

interface ListCommands {
  search: () => void
  refresh: () => void
  help: () => void
}

/**
 * The keys of a list. A ticked box has the focus most of the time here, and it is an input: so unlike usual
 * shortcut helpers this one stays quiet only where keys write text, in dialogs, and with modifiers.
 */
export function useListKeys(focus: ListFocus, commands: ListCommands): void {
  const view = useViewStore()

  const actions: Record<string, () => void> = {
    j: () => focus.move(1),
    ArrowDown: () => focus.move(1),
    k: () => focus.move(-1),
    ArrowUp: () => focus.move(-1),
    x: () => focus.current()?.click(),
    o: () => openInNotion(focus.current()),
    h: () => (view.show = view.show === 'open' ? 'all' : 'open'),
    '/': commands.search,
    r: commands.refresh,
    '?': commands.help,
  }

  useEventListener('keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (belongsToTarget(event.target)) return
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined
    if (!action) return
    event.preventDefault()
    action()
  })
}

function openInNotion(box: HTMLInputElement | null): void {
  box?.closest('li')?.querySelector<HTMLAnchorElement>('a[data-open]')?.click()
}

/** Text fields, choice lists, radio buttons and dialogs use these keys themselves. */
function belongsToTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return target.isContentEditable || target.closest('textarea, select, [role="dialog"]') !== null
}
