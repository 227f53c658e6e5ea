import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv } from '#server/export/csv'
import { oneLine } from '#server/export/one-line'
import { aPage, aTodo } from '../../support/todos.ts'
import { aSelection } from './a-selection.ts'

const SEPARATORS = [',', ';', '\t', '|'] as const
const FORMULA = /^[=+\-@＝＋－＠]/u
const TEXT_COLUMN = 1

/** A file with this text wherever somebody else's text can stand. */
function fileWith(text: string): string {
  const todo = aTodo({
    id: 1,
    text,
    headingPath: [text, text],
    people: [{ id: 'a', name: text }],
    tags: [text, text],
    page: aPage(1, { title: text }),
  })
  return [
    ...toCsv(aSelection([todo, { ...todo, id: 2, parentId: 1 }], undefined, text), { bom: false }),
  ].join('')
}

/** Cells as a spreadsheet reads them that splits at `separator`: in quotes is what begins with one. */
function read(file: string, separator: string): string[][] {
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"([^${separator}\\r]*)|([^${separator}\\r]*))(${separator}|\\r\\n)`,
    'gy',
  )
  const lines: string[][] = [[]]
  for (const [, quoted, rest = '', bare = '', end] of file.matchAll(cell)) {
    lines.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"') + rest)
    if (end === '\r\n') lines.push([])
  }
  return lines.slice(0, -1)
}

/** What a program makes of it that knows nothing of quotes, and takes them and spaces away. */
function readCarelessly(file: string, separator: string): string[] {
  return file
    .split(new RegExp(`${separator === '|' ? '\\|' : separator}|\\r\\n`))
    .map((cell) => cell.replace(/^[\s"]+/, ''))
}

const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...SEPARATORS,
        '=',
        '+',
        '-',
        '@',
        '＝',
        '＋',
        '－',
        '＠',
        '"',
        "'",
        ' ',
        '\r',
        '\n',
        '\u200B',
        '；',
      ),
      fc.constantFrom('x', "cmd|' /C calc'!A0", '1', 'ö'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('a CSV file', () => {
  it.each([
    ["x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y"],
    ['a, "=1"', 'a, "\'=1"'],
    ['=1+1', "'=1+1"],
    ['a；＝1', "a；'＝1"],
  ])('says of %s %s', (text, said) => {
    expect(read(fileWith(text), ',')[1]?.[TEXT_COLUMN]).toBe(said)
  })

  it('holds no formula, whatever somebody wrote and wherever its lines are split into cells', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const file = fileWith(text)
        for (const separator of SEPARATORS) {
          const cells = [...read(file, separator).flat(), ...readCarelessly(file, separator)]
          for (const cell of cells) expect(cell.trimStart(), `${separator} in ${file}`).not.toMatch(FORMULA)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('says what was written, but for apostrophes before what could be a formula', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const said = read(fileWith(text), ',')[1]?.[TEXT_COLUMN] ?? ''
        const without = (value: string) => value.replaceAll("'", '')
        expect(without(said)).toBe(without(oneLine(text)))
      }),
    )
  })

  it('leaves ordinary texts alone', () => {
    const text = 'Call Ada (ada@example.com) - e-mail, "phone"; 3 + 4 = 7 | Größe: 1,5-2 m'
    expect(read(fileWith(text), ',')[1]?.[TEXT_COLUMN]).toBe(text)
  })
})
