import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  ConnectionRecordSchema,
  NodeRecordSchema,
  TokenRecordSchema,
  WorkspaceRecordSchema,
} from './records.ts'
import type { World } from './world.ts'

const SAVE_DELAY_MS = 250

const StateSchema = z.strictObject({
  version: z.literal(1),
  workspaces: z.array(WorkspaceRecordSchema),
  nodes: z.array(NodeRecordSchema),
  bots: z.array(ConnectionRecordSchema),
  tokens: z.array(TokenRecordSchema),
})

export interface StateFile {
  /** Whether an earlier state was found and taken up. */
  restored: boolean
  saveSoon: () => void
  close: () => void
}

/**
 * Keeps the world in `<dir>/state.json`: written a moment after each change and on `close`, always whole (to a
 * second file, then renamed), so that a killed process loses at most the last moment. A file that cannot be read
 * is put aside, not overwritten.
 */
export function openStateFile(dir: string, world: World): StateFile {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'state.json')
  const restored = restore(path, world)
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    timer = undefined
    writeFileSync(`${path}.new`, JSON.stringify(snapshot(world)), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  return {
    restored,
    saveSoon() {
      timer ??= setTimeout(save, SAVE_DELAY_MS)
    },
    close() {
      if (timer !== undefined) save()
    },
  }
}

function snapshot({ store, connections }: World): z.input<typeof StateSchema> {
  return {
    version: 1,
    workspaces: [...store.workspaces.values()],
    nodes: [...store.nodes.values()],
    bots: [...connections.bots.values()],
    tokens: [...connections.tokens.values()],
  }
}

function restore(path: string, { store, connections }: World): boolean {
  if (!existsSync(path)) return false
  const state = readState(path)
  if (!state) {
    renameSync(path, `${path}.unreadable`)
    return false
  }
  for (const workspace of state.workspaces) store.workspaces.set(workspace.id, workspace)
  for (const node of state.nodes) store.nodes.set(node.id, node)
  for (const bot of state.bots) connections.bots.set(bot.botId, bot)
  for (const token of state.tokens) connections.tokens.set(token.token, token)
  return true
}

function readState(path: string): z.output<typeof StateSchema> | undefined {
  try {
    return StateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
