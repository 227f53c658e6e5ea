/** What a line of an exported document is (GitHub Flavored Markdown), and what it says. */
export interface MarkdownLine {
  kind: 'heading' | 'item' | 'path'
  /** Of a heading its level, of an item how many others it stands below. */
  depth: number
  /** Of an item: its box, if it has one. */
  box: 'x' | ' ' | null
  text: string
  links: readonly string[]
}

const HEADING = /^(#{1,6}) (.*)$/
const ITEM = /^((?: {4})*)- (?:\[([x ])\](?: |$))?(.*)$/
/** What begins another block where a line, an item or a heading has its text. */
const BLOCK_START =
  /^(?:[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|#{1,6}(?:\s|$)|>|=+\s*$|(?:-\s*){3,}$|(?:_\s*){3,}$|```|~~~|<| {4})/
/** §6.9, and addresses of any other scheme, which Obsidian links. */
const AUTOLINK = /[a-z][a-z0-9+.-]*:\/\/|\b(?:mailto|xmpp):|www\.|[a-z0-9.+_-]@[a-z0-9_-]/i
const OWN_LINK = /\[Notion\]\((https:[^\s()\\<>]*)\)/y
/** Escapes of ASCII punctuation (§6.1). */
const ESCAPED = /\\([!-/:-@[-`{-~])/y
const MEANING = /[\\`*_[\]<>{}#|~$&%=^!]/

/** Reads a document as an export writes it. @throws {Error} for whatever is no structure of our own */
export function readMarkdown(document: string): MarkdownLine[] {
  return document.split('\n').flatMap((line) => (line.trim() === '' ? [] : [readLine(line)]))
}

function readLine(line: string): MarkdownLine {
  const [, marks, title = ''] = HEADING.exec(line) ?? []
  if (marks !== undefined) return { kind: 'heading', depth: marks.length, box: null, ...readText(title) }
  const [, indent, box = null, text = ''] = ITEM.exec(line) ?? []
  if (indent === undefined) return { kind: 'path', depth: 0, box: null, ...readText(unstressed(line)) }
  const depth = indent.length / 4
  if (box === null && /^\*\S.*\*$/.test(text))
    return { kind: 'path', depth, box, ...readText(unstressed(text)) }
  return { kind: 'item', depth, box: box === 'x' || box === ' ' ? box : null, ...readText(text) }
}

/** The text of a path, which is emphasised as a whole. */
function unstressed(text: string): string {
  const [, path] = /^\*(\S|\S.*\S)\*$/.exec(text) ?? []
  if (path === undefined) throw new Error(`a line that is nothing of ours: ${text}`)
  return path
}

function readText(raw: string): { text: string; links: string[] } {
  if (BLOCK_START.test(raw)) throw new Error(`another block: ${raw}`)
  const links: string[] = []
  let text = ''
  /** What stands between escapes and links: only there can something become a link by itself. */
  let plain = ''
  for (let at = 0; at < raw.length;) {
    const [link, href] = matchAt(OWN_LINK, raw, at)
    const [escape, char] = matchAt(ESCAPED, raw, at)
    if (link !== undefined) links.push(href ?? '')
    else if (escape === undefined && MEANING.test(raw.charAt(at)))
      throw new Error(`a mark at ${at} of ${raw}`)
    const read = link ?? escape
    plain = read === undefined ? plain + raw.charAt(at) : ''
    if (AUTOLINK.test(plain)) throw new Error(`a link by itself: ${raw}`)
    text += link === undefined ? (char ?? raw.charAt(at)) : ''
    at += read?.length ?? 1
  }
  return { text: text.trim(), links }
}

function matchAt(pattern: RegExp, text: string, at: number): (string | undefined)[] {
  pattern.lastIndex = at
  return pattern.exec(text) ?? []
}
