import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const ErrnoSchema = z.object({ code: z.string() })

/** Writes a file only its owner can read, all of it or nothing: a crash never leaves half a file. */
export function writePrivateFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, content, { mode: 0o600, flush: true })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
}

/** The text of a file, or undefined when there is none. Other failures are thrown. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The code of a system error such as `ENOENT`; undefined for any other thrown value. */
export function errorCode(error: unknown): string | undefined {
  const parsed = ErrnoSchema.safeParse(error)
  return parsed.success ? parsed.data.code : undefined
}
