import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDERS = ['server', 'shared', 'composables', 'components', 'pages', 'stores', 'plugins', 'middleware']
const OPENERS = /\b(openAccessToken|openRefreshToken|getToken)\b/

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
).filter((file) => /\.(ts|vue)$/.test(file))

/** What a file imports, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/from '([^']+)'/g)].map(([, source = '']) => {
    if (source.startsWith('#server/')) return source.replace('#server/', 'server/')
    return source.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), source)) : source
  })
}

describe('an open token', () => {
  it('stays in server/connections: nothing else imports what opens one', () => {
    const leaks = files.filter(
      (file) =>
        !file.startsWith('server/connections/') &&
        (importsOf(file).includes('server/connections/tokens') ||
          (importsOf(file).includes('server/connections/user-token') &&
            OPENERS.test(readFileSync(join(ROOT, file), 'utf8')))),
    )
    expect(leaks).toEqual([])
  })

  it('is opened by few files, and this list is all of them', () => {
    const openers = files.filter((file) =>
      /\bcipher\s*\.?\s*decrypt\(|\.decrypt\(/.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(openers.sort()).toEqual([
      // To-dos kept on a device, in the browser: no token ever gets there.
      'composables/offline/vault.ts',
      'server/connections/revoke.ts',
      'server/connections/rotate.ts',
      'server/connections/tokens.ts',
      'server/health.ts',
      'server/webhooks/verification-token.ts',
    ])
  })

  it('and what is stored of it is named by server/db alone', () => {
    const columns = /\b(token_fingerprint|sealed_token)\b/
    const namers = files.filter((file) => columns.test(readFileSync(join(ROOT, file), 'utf8')))
    expect(
      namers.filter((file) => !file.startsWith('server/db/') && file !== 'shared/types/database.types.ts'),
    ).toEqual([])
  })
})
