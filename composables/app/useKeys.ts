import { createSharedComposable, useEventListener } from '@vueuse/core'

/** How long after `g` the second key of a sequence may come. */
const SEQUENCE_MS = 1_200

/** What keys do, by their name; two keys one after the other are written with a space: `g a`. */
export type KeyCommands = Readonly<Record<string, () => void>>

/**
 * Keys that do something for as long as the calling component lives. Whoever came last has a key that several want.
 *
 * A ticked box has the focus most of the time here, and it is an input: so unlike usual shortcut helpers this one
 * stays quiet only where keys write text, in and behind dialogs, and with modifiers.
 */
export function useKeys(commands: KeyCommands): void {
  const sets = useKeySets()
  sets.add(commands)
  onScopeDispose(() => sets.delete(commands))
}

/** One listener for all: the second key of `g h` must not be taken for the `h` of another component. */
const useKeySets = createSharedComposable(() => {
  const sets = new Set<KeyCommands>()
  let first: { key: string; at: number } | null = null

  useEventListener('keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || isShortcut(event)) return
    if (belongsToTarget(event.target) || isDialogOpen()) return
    const now = Date.now()
    const prefix = first && now - first.at < SEQUENCE_MS ? `${first.key} ` : ''
    first = null
    const name = event.shiftKey && event.key.length > 1 ? `shift-${event.key}` : event.key
    const command = commandFor(prefix + name) ?? commandFor(name)
    if (command) {
      event.preventDefault()
      command()
    } else if (beginsSequence(name)) {
      first = { key: name, at: now }
    }
  })

  function commandFor(name: string): (() => void) | undefined {
    return [...sets].findLast((commands) => Object.hasOwn(commands, name))?.[name]
  }

  function beginsSequence(name: string): boolean {
    return [...sets].some((commands) => Object.keys(commands).some((key) => key.startsWith(`${name} `)))
  }

  return sets
})

/** With a modifier a key belongs to the browser, unless it cannot be typed without. */
function isShortcut(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey || event.altKey) && !needsAlt(event)
}

/**
 * Many layouts have `[` and `]` on the third level: with Option on a Mac, with AltGr elsewhere, which Windows reports
 * as Ctrl and Alt. A letter or a digit is never typed that way here: Alt with it is a shortcut.
 */
function needsAlt(event: KeyboardEvent): boolean {
  const isThirdLevel = event.getModifierState('AltGraph') || event.altKey
  return isThirdLevel && !event.metaKey && /^[\p{P}\p{S}]$/u.test(event.key)
}

/** Text fields, choice lists, radio buttons, menus and dialogs use these keys themselves. */
function belongsToTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return (
    target.isContentEditable || target.closest('textarea, select, [role="dialog"], [role="menu"]') !== null
  )
}

/** The focus may be on nothing while a dialog is open; what lies behind it is still out of reach. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"]') !== null
}
