/** A refusal in the words of GoTrue, the auth server of Supabase: clients tell errors apart by `code`. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }

  /** The body GoTrue sends. */
  toBody(): Record<string, unknown> {
    return { code: this.status, error_code: this.code, msg: this.message, ...this.details }
  }
}
