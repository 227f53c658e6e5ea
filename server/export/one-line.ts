/** Line ends of every kind, and what else moves or hides text. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/** A text that cannot end the line, the cell or the property it is written into. */
export function oneLine(text: string): string {
  return text.replace(CONTROLS, ' ').trim()
}
