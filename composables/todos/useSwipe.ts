import { usePointerSwipe } from '@vueuse/core'

/** From here on letting go means it. */
const MEANT_PX = 88
/** Before that a finger may only have trembled, or be on its way down the list. */
const BEGIN_PX = 24

interface SwipeCommands {
  /** Called with the element of the row. */
  right: (row: HTMLElement) => void
  left: (row: HTMLElement) => void
}

/** Swiping the to-dos of a list with a finger. While it lasts, the row follows and shows what letting go will do. */
export function useSwipe(list: Readonly<Ref<HTMLElement | null>>, commands: SwipeCommands): void {
  let row: HTMLElement | null = null

  const { posStart, posEnd } = usePointerSwipe(list, {
    threshold: BEGIN_PX,
    pointerTypes: ['touch'],
    onSwipeStart(event) {
      row = event.target instanceof Element ? event.target.closest<HTMLElement>('li[data-row]') : null
    },
    onSwipe() {
      const x = posEnd.x - posStart.x
      if (!row || Math.abs(x) < Math.abs(posEnd.y - posStart.y)) return
      row.dataset.swipe = x > 0 ? 'right' : 'left'
      row.toggleAttribute('data-meant', Math.abs(x) >= MEANT_PX)
      row.style.setProperty('--swipe', `${x}px`)
    },
    onSwipeEnd(event) {
      if (!row) return
      const { swipe } = row.dataset
      const isMeant = row.hasAttribute('data-meant') && event.type !== 'pointercancel'
      row.style.removeProperty('--swipe')
      row.removeAttribute('data-swipe')
      row.removeAttribute('data-meant')
      if (!isMeant) return
      if (swipe === 'right') commands.right(row)
      else if (swipe === 'left') commands.left(row)
    },
  })
}
