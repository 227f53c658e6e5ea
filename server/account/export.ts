import type { SessionUser } from '#shared/schemas/session'
import type { AppContext } from '#server/context'
import type { AccountRecord, ExportedTable } from '#server/db/account-export'
import { EXPORTED_TABLES, readAccount } from '#server/db/account-export'
import { AppError } from '#server/errors/app-error'

export interface AccountExport {
  exportedAt: string
  account: AccountRecord
  /** Every row of the person, table by table. */
  tables: Record<string, unknown[]>
}

/**
 * Everything stored about somebody, by the names of the tables it is stored in: no secrets, no hashes.
 *
 * @throws {AppError} UNAUTHENTICATED when the account is gone meanwhile
 * @throws {DatabaseError}
 */
export async function exportAccount(context: AppContext, user: SessionUser): Promise<AccountExport> {
  const account = await readAccount(context.db, user.id)
  if (!account) throw new AppError('UNAUTHENTICATED')
  const tables: Record<string, unknown[]> = {}
  // One after the other: an export is in no hurry, and should not slow down anybody who is.
  for (const name of TABLES) tables[name] = await EXPORTED_TABLES[name](context.db, user.id)
  return { exportedAt: new Date().toISOString(), account, tables }
}

const TABLES = Object.keys(EXPORTED_TABLES).filter((name): name is ExportedTable => name in EXPORTED_TABLES)
