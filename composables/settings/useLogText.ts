import { useFailureText } from '~/composables/api/useFailureText'
import { ErrorCodeSchema } from '#shared/schemas/error'
import {
  DisconnectReasonSchema,
  ListsChoiceSchema,
  type ConnectionLogReply,
} from '#shared/schemas/connection'

export type LogEntry = ConnectionLogReply['entries'][number]

/** What a line of a workspace's log says, in words. Codes that have none are left out. */
export function useLogText(): (entry: LogEntry) => string {
  const { t } = useI18n()
  const failureText = useFailureText()

  function codeText(code: string): string | undefined {
    const choice = ListsChoiceSchema.safeParse(code)
    if (choice.success) return t(`log.lists.${choice.data}`)
    if (code === 'replaced') return t('log.replaced')
    const reason = DisconnectReasonSchema.safeParse(code)
    if (reason.success) return t(`workspace.reason.${reason.data}`)
    const error = ErrorCodeSchema.safeParse(code)
    return error.success ? failureText(error.data).sentence : undefined
  }

  return ({ event, outcome, code }) => {
    const what = t(`log.${event}.${outcome}`)
    const why = code === null ? undefined : codeText(code)
    return why ? `${what} ${why}` : what
  }
}
