import { z } from 'zod'
import { commonReply, parentReply } from './object-replies.ts'
import type { DataSourceRecord, NodeRecord } from './records.ts'
import { plainText, titleRuns } from './rich-text.ts'
import type { Store } from './store.ts'
import type { ApiVersion } from './world.ts'

type BlockLike = Exclude<NodeRecord, DataSourceRecord>

/** A block as Notion answers with it; pages and databases appear as `child_page` and `child_database`. */
export function blockReply(node: BlockLike, store: Store, version: ApiVersion): Record<string, unknown> {
  const type = typeName(node, version)
  return {
    object: 'block',
    id: node.id,
    parent: parentReply(node, store),
    ...commonReply(node, version, store.isTrashed(node.id)),
    has_children: hasChildren(node, store),
    type,
    [type]: contentOf(node),
  }
}

function typeName(node: BlockLike, version: ApiVersion): string {
  if (node.kind === 'page') return 'child_page'
  if (node.kind === 'database') return 'child_database'
  return node.type === 'meeting_notes' && version === '2025-09-03' ? 'transcription' : node.type
}

function contentOf(node: BlockLike): Record<string, unknown> {
  if (node.kind === 'page') return { title: plainText(titleRuns(node)) }
  if (node.kind === 'database') return { title: plainText(node.title) }
  return node.content
}

/** A synced copy says it has children although they are listed at its original. */
function hasChildren(node: BlockLike, store: Store): boolean {
  if (node.kind === 'database') return false
  return syncedOrigin(node) !== null || store.visibleChildren(node).length > 0
}

const CopyContent = z.object({ synced_from: z.object({ block_id: z.string() }) })

/** The id of the block that a synced copy mirrors; null for everything else. */
export function syncedOrigin(node: BlockLike): string | null {
  if (node.kind !== 'block' || node.type !== 'synced_block') return null
  const copy = CopyContent.safeParse(node.content)
  return copy.success ? copy.data.synced_from.block_id : null
}

/** The children of a container in order; a data source never is one. */
export function childBlocks(node: BlockLike, store: Store): BlockLike[] {
  if (node.kind === 'database' || syncedOrigin(node) !== null) return []
  return store.visibleChildren(node).filter((child): child is BlockLike => child.kind !== 'data_source')
}
