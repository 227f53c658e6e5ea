import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { useFailureText } from '~/composables/api/useFailureText'

/** What an entry or a change of the history says, in words. */
export function useChangeText() {
  const { t, n } = useI18n()
  const failureText = useFailureText()

  const name = ({ text }: HistoryChange): string => text.trim() || t('todo.empty')

  /** "3 to-dos done"; what was taken back may have gone either way. */
  function action({ size, preview, source }: HistoryEntry): string {
    const after = new Set(preview.map((change) => change.after))
    const count = n(size)
    if (source === 'undo' && size > 1) return t('history.manyBack', { count }, size)
    if (after.size > 1) return t('history.manyChanged', { count }, size)
    return t(after.has(true) ? 'history.manyDone' : 'history.manyOpen', { count }, size)
  }

  /** What became of a change; null when it is simply in Notion. */
  function outcome({ state, code, notion }: HistoryChange): string | null {
    if (state === 'saved') return null
    const what = t(`history.states.${state}`)
    const why = state === 'failed' && code ? failureText(code).sentence : ''
    const theirs =
      state === 'conflict' && notion
        ? t(notion.checked ? 'history.notionDone' : 'history.notionOpen', { text: notion.text ?? '' })
        : ''
    return [what, why || theirs].filter(Boolean).join(' ')
  }

  /** How far an action on many has come: everything that is not simply in Notion. */
  function progress({ counts, size }: HistoryEntry): string[] {
    const parts: [string, number][] = [
      ['history.countSaved', counts.saved === size ? 0 : counts.saved],
      ['history.countWaiting', counts.waiting],
      ['history.countFailed', counts.failed],
      ['history.countConflict', counts.conflict],
      ['history.countSuperseded', counts.superseded],
      ['history.countGivenUp', counts.givenUp],
    ]
    return parts.flatMap(([key, count]) => (count > 0 ? [t(key, { count: n(count) }, count)] : []))
  }

  return { name, action, outcome, progress }
}
