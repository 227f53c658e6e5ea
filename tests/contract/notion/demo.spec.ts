import { describe, expect, it } from 'vitest'
import { demoWorkspaces } from '../../../sandbox/notion/demo/workspaces.ts'
import type { BlockSeed, WorkspaceSeed } from '../../../sandbox/notion/seed-format.ts'
import {
  expectedTodos,
  expectedTodosOnPage,
  readablePageIds,
  seededId,
} from '../../support/notion-workspace.ts'

/** The demo is the first thing a person sees, and the richest workspace the other tests have. */

const today = new Date('2026-11-20T12:00:00Z')

function acme(at: Date): WorkspaceSeed {
  const [first] = demoWorkspaces(at)
  if (!first) throw new Error('There is no demo')
  return first
}

const seed = acme(today)
const todos = expectedTodos(seed)

function* everyBlock(
  blocks: BlockSeed[],
  around: string[] = [],
): Generator<{ block: BlockSeed; around: string[] }> {
  for (const block of blocks) {
    yield { block, around }
    yield* everyBlock(block.children ?? [], [...around, block.type])
  }
}

const blocks = seed.pages.flatMap((page) => [...everyBlock(page.blocks)])

describe('the demo workspace', () => {
  it('is a rich one: about sixty pages, about four hundred to-dos, some of them done', () => {
    expect(readablePageIds(seed).length).toBeGreaterThanOrEqual(55)
    expect(todos.length).toBeGreaterThanOrEqual(360)
    expect(todos.length).toBeLessThanOrEqual(450)
    expect(todos.filter(({ checked }) => checked).length).toBeGreaterThan(60)
    expect(new Set(todos.map(({ id }) => id)).size).toBe(todos.length)
  })

  it('keeps to-dos in every kind of container', () => {
    const holders = new Set(
      blocks.filter(({ block }) => block.type === 'to_do').map(({ around }) => around.at(-1)),
    )
    const kinds = [
      'to_do',
      'toggle',
      'column',
      'callout',
      'quote',
      'bulleted_list_item',
      'numbered_list_item',
    ]
    const more = ['heading_1', 'heading_2', 'heading_3', 'heading_4', 'synced_block', 'template', 'paragraph']
    expect([...holders]).toEqual(expect.arrayContaining([undefined, ...kinds, ...more, 'unsupported']))
    expect(Math.max(...todos.map(({ depth }) => depth))).toBeGreaterThanOrEqual(3)
  })

  it('has what readers stumble over', () => {
    const types = new Set(blocks.map(({ block }) => block.type))
    expect([...types]).toEqual(
      expect.arrayContaining([
        'table',
        'unsupported',
        'meeting_notes',
        'tab',
        'child_page',
        'child_database',
        'code',
      ]),
    )
    const siblings = seed.pages.map((page) => page.blocks.length)
    expect(Math.max(...siblings)).toBeGreaterThan(100)
    const market = expectedTodosOnPage(seed, seededId('page:project:market'))
    expect(market.filter(({ viaCopy }) => viaCopy)).toHaveLength(4)
    expect(expectedTodosOnPage(seed, seededId('page:project:oven'))).toHaveLength(5)
    expect(todos.some(({ text }) => text === '')).toBe(true)
    expect(todos.some(({ text }) => text.length > 400)).toBe(true)
    expect(todos.filter(({ text }) => text === 'Hot chocolate')).toHaveLength(2)
    expect(todos.some(({ text }) => /[äöüß]/.test(text))).toBe(true)
  })

  it('has an icon of every kind, an untitled database and one with two data sources', () => {
    const icons = new Set([...seed.databases, ...seed.pages].map(({ icon }) => icon?.type))
    expect([...icons]).toEqual(
      expect.arrayContaining(['emoji', 'external', 'file', 'custom_emoji', 'icon', undefined]),
    )
    expect(seed.databases.some(({ title }) => title.length === 0)).toBe(true)
    expect(seed.databases.some(({ data_sources: sources }) => sources.length === 2)).toBe(true)
  })

  it('is laid around the day it is made, with ids that stay', () => {
    const later = acme(new Date('2027-03-01T12:00:00Z'))
    const weekly = seededId('page:meeting:weekly-0')
    expect(later.pages.map(({ id }) => id)).toEqual(seed.pages.map(({ id }) => id))
    expect(JSON.stringify(later.pages.find(({ id }) => id === weekly))).toContain('"start":"2027-03-02"')
  })
})
