import { PASSWORD_MIN_LENGTH } from '#shared/schemas/session'
import { toApiError, type ApiError } from '~/composables/api/api-error'
import { useFailureText } from '~/composables/api/useFailureText'

/** Issue codes of the session routes that have their own sentence; anything else is "not valid". */
const KNOWN_ISSUES = ['weak_password', 'taken', 'expired'] as const

/**
 * What the forms around signing in share: one request at a time, errors beside their field, the rest above
 * the form.
 *
 * @param explain a sentence for failures that mean something special on this form
 */
export function useAuthForm(explain: (error: ApiError) => string | undefined = () => undefined) {
  const { t } = useI18n()
  const failureText = useFailureText()
  const pending = ref(false)
  const failure = ref<string>()
  const fieldErrors = ref<Record<string, string>>({})

  function issueText(path: string, code: string): string {
    const known = KNOWN_ISSUES.find((issue) => issue === code)
    if (known) return t(`auth.issues.${known}`)
    if (path === 'password') return t('auth.passwordHelp', { min: PASSWORD_MIN_LENGTH })
    return t(path === 'email' ? 'auth.issues.email' : 'auth.issues.invalid')
  }

  function show(error: ApiError): void {
    fieldErrors.value = Object.fromEntries(
      error.issues.map(({ path, code }) => [path, issueText(path, code)]),
    )
    const { sentence, advice } = failureText(error.code)
    failure.value = explain(error) ?? (error.issues.length > 0 ? undefined : `${sentence} ${advice}`)
  }

  /** Runs the request; true when it worked. */
  async function submit(request: () => Promise<void>): Promise<boolean> {
    if (pending.value) return false
    pending.value = true
    failure.value = undefined
    fieldErrors.value = {}
    try {
      await request()
      return true
    } catch (thrown) {
      show(toApiError(thrown))
      return false
    } finally {
      pending.value = false
    }
  }

  return { pending, failure, fieldErrors, submit }
}
