/** Something a person can put right: the launcher prints its message alone, without a stack trace. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
}
