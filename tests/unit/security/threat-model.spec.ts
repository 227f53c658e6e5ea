import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const document = readFileSync(new URL('docs/threat-model.md', root), 'utf8')
const REFERENCE = /`([a-z0-9]+\/[\w/-]+)` › “([^”]+)”/g

const references = [...document.matchAll(REFERENCE)].map(([, file = '', name = '']) => [file, name] as const)

/** A row of a table that names a threat: three cells, not the heading. */
const threats = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (threat|asset|---)/.test(line))
  .filter((line) => line.split(' | ').length === 3)

describe('the threat model', () => {
  it('names a test for every threat', () => {
    expect(threats.length).toBeGreaterThan(40)
    for (const line of threats) expect(line).toMatch(new RegExp(REFERENCE.source))
  })

  it.each(references)('points to a test that exists: %s › %s', (file, name) => {
    const path = new URL(`tests/${file}.spec.ts`, root)
    expect(existsSync(path), path.pathname).toBe(true)
    const text = readFileSync(path, 'utf8').replaceAll("\\'", "'")
    expect(text.includes(name), `${file} has no test named “${name}”`).toBe(true)
  })
})
