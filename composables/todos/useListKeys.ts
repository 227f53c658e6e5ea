import { useEventListener } from '@vueuse/core'

/** How long after `g` the second key of a sequence may come. */
const SEQUENCE_MS = 1_200

/** What keys do, by their name; two keys one after the other are written with a space: `g a`. */
export type KeyCommands = Readonly<Record<string, () => void>>

/**
 * The keys of a list. A ticked box has the focus most of the time here, and it is an input: so unlike usual
 * shortcut helpers this one stays quiet only where keys write text, in dialogs, and with modifiers.
 */
export function useListKeys(commands: KeyCommands): void {
  let first: { key: string; at: number } | null = null

  useEventListener('keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (belongsToTarget(event.target)) return
    const now = Date.now()
    const prefix = first && now - first.at < SEQUENCE_MS ? `${first.key} ` : ''
    first = null
    const name = event.shiftKey && event.key.length > 1 ? `shift-${event.key}` : event.key
    const command = own(commands, prefix + name) ?? own(commands, name)
    if (command) {
      event.preventDefault()
      command()
    } else if (Object.keys(commands).some((key) => key.startsWith(`${name} `))) {
      first = { key: name, at: now }
    }
  })
}

function own(commands: KeyCommands, name: string): (() => void) | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

/** Text fields, choice lists, radio buttons, menus and dialogs use these keys themselves. */
function belongsToTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return (
    target.isContentEditable || target.closest('textarea, select, [role="dialog"], [role="menu"]') !== null
  )
}
