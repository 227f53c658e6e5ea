import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Pool } from 'pg'
import { z } from 'zod'

/** Looks into an installation's database behind the application's back, as an operator could. */
export class Inspector {
  readonly #pool: Pool

  private constructor(url: string) {
    this.#pool = new Pool({ connectionString: url, max: 4 })
  }

  /** As the database's superuser, who sees what a dump of the disk would show. */
  static async open(url: string | undefined, sandboxDir: string): Promise<Inspector> {
    const secrets = z
      .object({ passwords: z.object({ supabase_admin: z.string() }) })
      .parse(JSON.parse(await readFile(join(sandboxDir, 'secrets.json'), 'utf8')))
    const whole = new URL(url ?? '')
    whole.username = 'supabase_admin'
    whole.password = secrets.passwords.supabase_admin
    return new Inspector(whole.href)
  }

  async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query(sql, values)).rows as T[]
  }

  async count(table: string, condition: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ n: number }>(
      `select count(*)::int as n from ${table} where ${condition}`,
      values,
    )
    return row?.n ?? 0
  }

  /** Every row of every table, our own and those of the parts we use: one text a table. */
  async dump(): Promise<Map<string, string>> {
    const tables = await this.rows<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    )
    const dumped = new Map<string, string>()
    for (const { name } of tables) {
      const rows = await this.rows<{ row: string }>(`select t::text as row from ${name} t`)
      dumped.set(name, rows.map(({ row }) => row).join('\n'))
    }
    return dumped
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
