const LINE_MAX_BYTES = 75
const encoder = new TextEncoder()

/** Folds the lines of a calendar anew: at 75 octets, never within a character (RFC 5545 §3.1). */
export function refold(calendar: string): string {
  return calendar
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .map(foldLine)
    .join('\r\n')
}

function foldLine(line: string): string {
  if (encoder.encode(line).length <= LINE_MAX_BYTES) return line
  let folded = ''
  let bytes = 0
  for (const char of line) {
    const size = encoder.encode(char).length
    if (bytes + size > LINE_MAX_BYTES) {
      folded += '\r\n '
      bytes = 1
    }
    folded += char
    bytes += size
  }
  return folded
}
