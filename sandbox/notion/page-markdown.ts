import { z } from 'zod'
import { childBlocks, syncedOrigin } from './block-replies.ts'
import { findContainer } from './lookup.ts'
import type { NodeRecord } from './records.ts'
import { notionUrl, plainText, titleRuns } from './rich-text.ts'
import { type Call, endpoint, nothing } from './router.ts'
import { RichTextSchema } from './seed-format.ts'

/** `GET /v1/pages/{id}/markdown`: a whole page as text, without ids (notion-api.md §10). */

const Content = z.looseObject({
  rich_text: z.array(RichTextSchema).catch([]),
  checked: z.boolean().catch(false),
})

export const pageMarkdownEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/pages/{page_id}/markdown',
    capability: 'read',
    query: z.strictObject({ include_transcript: z.enum(['true', 'false']).optional() }),
    body: nothing,
    handle(call) {
      const root = findContainer(call, call.id('page_id'))
      const writer = new MarkdownWriter(call)
      writer.children(root, 0)
      return {
        object: 'page_markdown',
        id: root.id,
        markdown: writer.lines.join('\n'),
        truncated: writer.unknownIds.length > 0,
        unknown_block_ids: writer.unknownIds.slice(0, 100),
      }
    },
  }),
]

type BlockLike = Parameters<typeof childBlocks>[0]

class MarkdownWriter {
  readonly lines: string[] = []
  readonly unknownIds: string[] = []
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  children(node: BlockLike, depth: number): void {
    for (const child of childBlocks(node, this.#call.world.store)) this.#write(child, depth)
  }

  #write(node: BlockLike, depth: number): void {
    if (node.kind === 'page')
      return this.#line(depth, `<page url="${notionUrl(node.id)}">${titleOf(node)}</page>`)
    if (node.kind === 'database')
      return this.#line(depth, `<database url="${notionUrl(node.id)}">${plainText(node.title)}</database>`)
    const origin = syncedOrigin(node)
    if (origin !== null) return this.#writeCopy(origin, depth)
    if (node.type === 'unsupported') return this.#unknown(node.id, depth)
    const { rich_text: runs, checked } = Content.parse({ rich_text: [], ...node.content })
    const prefix = prefixOf(node.type, checked)
    if (prefix !== undefined) this.#line(depth, `${prefix}${plainText(runs)}`)
    if (node.type === 'meeting_notes') this.#writeMeeting(node, depth)
    else this.children(node, prefix === undefined ? depth : depth + 1)
  }

  /** A copy shows its original, or nothing that can be read when that is not shared. */
  #writeCopy(id: string, depth: number): void {
    const { store, connections } = this.#call.world
    const original = store.container(id)
    if (original && !store.isTrashed(id) && connections.canSee(this.#call.connection, id))
      this.children(original, depth)
    else this.#unknown(id, depth)
  }

  /** Summary and notes; the transcript is only given on demand, and never here. */
  #writeMeeting(node: BlockLike, depth: number): void {
    const sections = childBlocks(node, this.#call.world.store).slice(0, 2)
    for (const section of sections) this.children(section, depth)
  }

  #unknown(id: string, depth: number): void {
    this.unknownIds.push(id)
    this.#line(depth, `<unknown url="${notionUrl(id)}" alt="unsupported"/>`)
  }

  #line(depth: number, content: string): void {
    this.lines.push(`${'\t'.repeat(depth)}${content}`)
  }
}

function titleOf(node: Extract<NodeRecord, { kind: 'page' }>): string {
  return plainText(titleRuns(node)) || 'Untitled'
}

function prefixOf(type: string, checked: boolean): string | undefined {
  switch (type) {
    case 'to_do':
      return checked ? '- [x] ' : '- [ ] '
    case 'bulleted_list_item':
      return '- '
    case 'numbered_list_item':
      return '1. '
    case 'quote':
      return '> '
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return `${'#'.repeat(Number(type.at(-1)))} `
    case 'divider':
      return '---'
    case 'column_list':
    case 'column':
    case 'synced_block':
    case 'tab':
    case 'table':
    case 'meeting_notes':
      return undefined
    default:
      return ''
  }
}
