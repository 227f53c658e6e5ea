import { Client, collectPaginatedAPI } from '@notionhq/client'

/** What most programs do: every row, then every block under it, one request after the other, every time. */
export async function walkNaively(apiUrl: string, auth: string, dataSourceId: string): Promise<number> {
  const client = new Client({ auth, baseUrl: apiUrl, notionVersion: '2026-03-11' })
  let todos = 0
  const walk = async (block_id: string): Promise<void> => {
    for (const block of await collectPaginatedAPI(client.blocks.children.list, { block_id })) {
      if (!('type' in block)) continue
      if (block.type === 'to_do') todos += 1
      if (block.has_children) await walk(block.id)
    }
  }
  for (const row of await collectPaginatedAPI(client.dataSources.query, { data_source_id: dataSourceId }))
    await walk(row.id)
  return todos
}
