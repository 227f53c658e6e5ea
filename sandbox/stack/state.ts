import { join } from 'node:path'
import { z } from 'zod'
import { readIfPresent, writePrivateFile } from './private-file.ts'
import { ProcessIdentitySchema } from './process-identity.ts'

const PartRecordSchema = z.strictObject({
  process: ProcessIdentitySchema,
  /** The launcher that ends this part when it ends itself. */
  owner: ProcessIdentitySchema,
  port: z.number().int().positive(),
  /** What the part was told at its start; a part told something else cannot be reused. */
  inputs: z.string(),
})

const StackStateSchema = z.strictObject({
  postgres: PartRecordSchema.optional(),
  postgrest: PartRecordSchema.optional(),
  gateway: PartRecordSchema.optional(),
  notion: PartRecordSchema.optional(),
})

export type PartRecord = z.infer<typeof PartRecordSchema>
export type StackState = z.infer<typeof StackStateSchema>
export type PartName = keyof StackState

/** Which parts of this folder were started, where and by whom. A hint only: every use proves it first. */
export function readState(dir: string): StackState {
  const content = readIfPresent(statePath(dir))
  if (content === undefined) return {}
  const parsed = StackStateSchema.safeParse(parseJson(content))
  return parsed.success ? parsed.data : {}
}

/** Remembers (or, with undefined, forgets) one part. Call it under the start lock. */
export function recordPart(dir: string, name: PartName, record: PartRecord | undefined): void {
  writePrivateFile(statePath(dir), JSON.stringify({ ...readState(dir), [name]: record }, null, 2))
}

const statePath = (dir: string) => join(dir, 'stack.json')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
