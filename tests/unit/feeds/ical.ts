/** A content line, unfolded (RFC 5545 §3.1). */
export interface ContentLine {
  name: string
  parameters: ReadonlyMap<string, string>
  value: string
}

const LINE_MAX_BYTES = 75
const CONTENT_LINE =
  /^([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]+))*):((?:[^\p{Cc}]|\t)*)$/u
const TEXT = /^(?:[^\\;,]|\\[\\;,nN])*$/u
const TEXTS = new Set(['SUMMARY', 'DESCRIPTION', 'X-WR-CALNAME'])
const DATES = new Set(['DTSTAMP', 'DTSTART', 'DTEND', 'DUE'])

/** Reads a calendar as strictly as the grammar is. @throws {Error} for the first line that is none */
export function readCalendar(calendar: string): ContentLine[] {
  if (!calendar.endsWith('\r\n')) throw new Error('the last line has no end')
  const physical = calendar.slice(0, -2).split('\r\n')
  for (const line of physical) {
    if (/[\r\n]/.test(line)) throw new Error(`a line end within ${JSON.stringify(line)}`)
    if (new TextEncoder().encode(line).length > LINE_MAX_BYTES) throw new Error(`too long: ${line}`)
    if (!line.isWellFormed()) throw new Error(`folded within a character: ${line}`)
  }
  const lines = physical.join('\r\n').replaceAll('\r\n ', '').split('\r\n').map(readLine)
  checkNesting(lines)
  return lines
}

function readLine(line: string): ContentLine {
  const [, name, parameterText = '', value = ''] = CONTENT_LINE.exec(line) ?? []
  if (name === undefined) throw new Error(`no content line: ${JSON.stringify(line)}`)
  const parameters = new Map(
    parameterText
      .split(';')
      .slice(1)
      .map((parameter): [string, string] => {
        const [key = '', ...rest] = parameter.split('=')
        return [key, rest.join('=')]
      }),
  )
  if (TEXTS.has(name) && !TEXT.test(value)) throw new Error(`not escaped: ${line}`)
  if (DATES.has(name) && !isDate(value, parameters.get('VALUE') ?? 'DATE-TIME')) {
    throw new Error(`no date: ${line}`)
  }
  return { name, parameters, value }
}

/** §3.3.4 and §3.3.5: four digits of year, and a day that exists. */
function isDate(value: string, type: string): boolean {
  const pattern =
    type === 'DATE' ? /^(\d{4})(\d\d)(\d\d)$/ : /^(\d{4})(\d\d)(\d\d)T([01]\d|2[0-3])[0-5]\d[0-5]\dZ$/
  const [, year, month, day] = pattern.exec(value) ?? []
  if (year === undefined) return false
  const text = `${year}-${month}-${day}`
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function checkNesting(lines: readonly ContentLine[]): void {
  const open: string[] = []
  for (const { name, value } of lines) {
    if (name === 'BEGIN') open.push(value)
    else if (name === 'END' && open.pop() !== value) throw new Error(`END:${value} ends nothing`)
    else if (open.length === 0 && name !== 'END') throw new Error(`${name} stands nowhere`)
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} has no end`)
}
