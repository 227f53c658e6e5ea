import type { FailureCode } from './api-error'

/** The sentence for a failure and what to do about it, in the reader's language. */
export function useFailureText(): (code: FailureCode) => { sentence: string; advice: string } {
  const { t } = useI18n()
  return (code) => ({ sentence: t(`errors.${code}.sentence`), advice: t(`errors.${code}.advice`) })
}
