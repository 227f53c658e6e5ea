/** Line ends of every kind, and what else moves text. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/** Marks of direction, and what has no width: with them, what is read is not what is written. */
const HIDING = String.raw`[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]`
/** A joiner makes one emoji of several … */
const IN_EMOJI = String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`
/** … and joiners and their opposite belong to the spelling of Persian, Hindi and others. */
const SPELT = ['Arab', 'Syrc', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh']
  .map((script) => String.raw`\p{Script_Extensions=${script}}`)
  .join('')
const LETTERS = String.raw`[[${SPELT}]--\u061C]`
const IN_WORDS = String.raw`(?<=${LETTERS})[\u200C\u200D](?=${LETTERS})`

const HIDDEN_OR_KEPT = new RegExp(`(${IN_EMOJI}|${IN_WORDS})|${HIDING}`, 'gv')

/** A text that cannot end the line, the cell or the property it is written into, and that hides nothing. */
export function oneLine(text: string): string {
  return text.replace(HIDDEN_OR_KEPT, '$1').replace(CONTROLS, ' ').trim()
}
