import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  assumedSettings,
  EnvironmentError,
  EnvironmentSchema,
  isOnThisMachine,
  readEnvironment,
} from '#server/environment'

const complete: Record<string, string> = {
  BASE_URL: 'https://roundup.test',
  SUPABASE_URL: 'https://project.supabase.test',
  SUPABASE_KEY: 'sb_publishable_one',
  SUPABASE_SECRET_KEY: 'sb_secret_two',
  DATABASE_URL: 'postgresql://postgres:three@db.test:5432/postgres',
  NOTION_OAUTH_CLIENT_ID: 'client-four',
  NOTION_OAUTH_CLIENT_SECRET: 'secret-five',
  CREDENTIAL_ENCRYPTION_KEY: 'six-six-six-six-six-six-six-six-six',
}

/** Everything that has no default of its own. */
const REQUIRED = Object.keys(complete).filter((name) => name !== 'BASE_URL')

function refusal(variables: Record<string, string | undefined>): string {
  try {
    readEnvironment(variables)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
  throw new Error('The settings were accepted')
}

describe('what is assumed', () => {
  const assumed = (variables: Record<string, string | undefined>) =>
    assumedSettings(variables, readEnvironment({ ...complete, ...variables }))

  it('is told where the database is not on this machine, each setting by its name', () => {
    expect(assumed({ BASE_URL: undefined })).toEqual(['BASE_URL', 'ENVIRONMENT'])
    expect(assumed({ BASE_URL: '', ENVIRONMENT: 'production' })).toEqual(['BASE_URL'])
    expect(assumed({ BASE_URL: 'https://roundup.test', ENVIRONMENT: '' })).toEqual(['ENVIRONMENT'])
    expect(assumed({ BASE_URL: 'https://roundup.test', ENVIRONMENT: 'production' })).toEqual([])
  })

  it('is nobody’s business on a developer’s machine', () => {
    expect(assumed({ SUPABASE_URL: 'http://localhost:54321' })).toEqual([])
  })

  it.each([
    ['http://localhost:54321', true],
    ['http://127.0.0.1:54321', true],
    ['http://127.1.2.3', true],
    ['http://[::1]:54321', true],
    ['https://project.supabase.co', false],
    ['https://localhost.evil.test', false],
    ['http://127.0.0.1.evil.test', false],
    ['http://10.0.0.1', false],
  ])('%s is on this machine: %s', (url, expected) => {
    expect(isOnThisMachine(url)).toBe(expected)
  })
})

describe('settings that allow a start', () => {
  it('are read with their defaults', () => {
    const { BASE_URL: _, ...rest } = complete
    expect(readEnvironment(rest)).toMatchObject({
      BASE_URL: 'http://localhost:3000',
      ENVIRONMENT: 'development',
      NOTION_API_URL: 'https://api.notion.com',
      CREDENTIAL_ENCRYPTION_KEYS_OLD: [],
    })
  })

  it('follow the port when nobody names an address', () => {
    const { BASE_URL: _, ...rest } = complete
    expect(readEnvironment({ ...rest, PORT: '4100' }).BASE_URL).toBe('http://localhost:4100')
  })

  it('bring addresses to one spelling', () => {
    const read = readEnvironment({
      ...complete,
      BASE_URL: 'https://Roundup.TEST/',
      SUPABASE_URL: 'https://project.supabase.test///',
      NOTION_API_URL: 'https://api.notion.test/',
    })
    expect(read.BASE_URL).toBe('https://roundup.test')
    expect(read.SUPABASE_URL).toBe('https://project.supabase.test')
    expect(read.NOTION_API_URL).toBe('https://api.notion.test')
  })

  it('take several old keys', () => {
    const [one, two] = ['o'.repeat(32), 't'.repeat(40)]
    const read = readEnvironment({ ...complete, CREDENTIAL_ENCRYPTION_KEYS_OLD: `${one},${two}` })
    expect(read.CREDENTIAL_ENCRYPTION_KEYS_OLD).toEqual([one, two])
  })
})

describe('settings that do not', () => {
  it.each(REQUIRED)('name %s when it is missing or empty', (name) => {
    expect(refusal({ ...complete, [name]: undefined })).toContain(`- ${name} is missing`)
    expect(refusal({ ...complete, [name]: '' })).toContain(`- ${name} is missing`)
  })

  it('name every missing variable at once', () => {
    const message = refusal({})
    for (const name of REQUIRED) expect(message).toContain(`- ${name} is missing`)
  })

  it.each([
    ['BASE_URL', 'https://roundup.test/below'],
    ['BASE_URL', 'roundup.test'],
    ['BASE_URL', 'javascript:alert(1)'],
    ['SUPABASE_URL', 'ftp://project.supabase.test'],
    ['DATABASE_URL', 'mysql://db.test/canary-value'],
    ['NOTION_API_URL', 'file:///canary-value'],
    ['CREDENTIAL_ENCRYPTION_KEY', 'canary-value-too-short'],
    ['CREDENTIAL_ENCRYPTION_KEYS_OLD', 'canary-value-too-short'],
  ])('refuse %s=%s without printing the value', (name, value) => {
    const message = refusal({ ...complete, [name]: value })
    expect(message).toContain(`- ${name} is not valid`)
    expect(message).not.toContain(value)
  })

  it('print no value of any variable, whichever of them is wrong', () => {
    for (const name of REQUIRED) {
      const message = refusal({ ...complete, [name]: undefined, DATABASE_URL: 'canary' })
      for (const value of [...Object.values(complete), 'canary']) expect(message).not.toContain(value)
    }
  })
})

describe('.env.example', () => {
  /** Read by the launcher and by Nitro itself, not by the server's schema. */
  const OUTSIDE_THE_SCHEMA = [
    'HOST',
    'PORT',
    'SANDBOX_DATABASE_PORT',
    'SANDBOX_DIR',
    'SANDBOX_NOTION_PORT',
    'SANDBOX_SUPABASE_PORT',
  ]
  const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name)

  it('documents every variable that is read, and none that is not', () => {
    expect([...documented].sort()).toEqual(
      [...Object.keys(EnvironmentSchema.shape), ...OUTSIDE_THE_SCHEMA].sort(),
    )
  })

  it('carries no value, so that a copy of it starts the sandbox', () => {
    expect(text.match(/^[A-Z][A-Z0-9_]*=.+$/gm)).toBeNull()
  })
})
