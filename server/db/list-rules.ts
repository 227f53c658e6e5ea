import { z } from 'zod'
import type { NamedRule, RuleBody } from '#shared/schemas/view'
import type { Database } from '#shared/types/database.types'
import type { Db } from './client'
import { allRows, rows } from './client'

const RULE_COLUMNS = `id, effect, page (id, title), database:notion_database (data_source_id, name)` as const
const EffectSchema = z.enum(['hide', 'show'])

/** The places a user keeps out of their lists, and the exceptions, oldest first. @throws {DatabaseError} */
export async function listRules(db: Db, userId: string): Promise<NamedRule[]> {
  const found = await allRows('listRules.list', (from, to) =>
    db.from('list_rule').select(RULE_COLUMNS).eq('user_id', userId).order('id').range(from, to),
  )
  const rules = found.flatMap((row): NamedRule[] => {
    const effect = EffectSchema.parse(row.effect)
    if (row.page) return [{ effect, target: { page: row.page.id }, name: row.page.title }]
    if (!row.database) return []
    return [{ effect, target: { database: row.database.data_source_id }, name: row.database.name }]
  })
  // One that is cached through several connections has several rows, and is one place.
  return rules.filter((rule, index) => index === rules.findIndex((other) => isSamePlace(rule, other)))
}

/** @returns whether the place is one of the user's @throws {DatabaseError} */
export async function setRule(db: Db, userId: string, { effect, target }: RuleBody): Promise<boolean> {
  const args = {
    p_user: userId,
    p_effect: effect,
    p_data_source: 'database' in target ? target.database : null,
    p_page: 'page' in target ? target.page : null,
  }
  // The generator does not know that arguments may be null.
  return rows('listRules.set', await db.rpc('set_list_rule', args as RuleArguments))
}

type RuleArguments = Database['public']['Functions']['set_list_rule']['Args']

function isSamePlace(a: NamedRule, b: NamedRule): boolean {
  if ('page' in a.target) return 'page' in b.target && a.target.page === b.target.page
  return 'database' in b.target && a.target.database === b.target.database
}
