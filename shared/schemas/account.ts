import { z } from '../zod'

/** DELETE /api/account: whoever means it can type the address of the account. */
export const DeleteAccountBodySchema = z.strictObject({ email: z.string().min(1).max(320) })
export type DeleteAccountBody = z.infer<typeof DeleteAccountBodySchema>
