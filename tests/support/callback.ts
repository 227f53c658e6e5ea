import { randomUUID } from 'node:crypto'
import fc from 'fast-check'

export interface CallbackBody {
  code: string
  state: string
}

const pieces = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  '=',
  '==',
  '%00',
  '\u0000',
  '+',
  '/',
  '.',
  "'",
  '"',
  'A',
  '\u200b',
)
const anyText = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  pieces,
)

/** The state changed a little: what a guesser, a truncating proxy or a sloppy parser would make of it. */
function changedText(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length - 1)
  return fc.oneof(
    fc.tuple(at, pieces).map(([i, piece]) => text.slice(0, i) + piece + text.slice(i)),
    fc
      .tuple(at, fc.constantFrom(...'ABCxyz019-_'))
      .map(([i, char]) => text.slice(0, i) + char + text.slice(i + 1)),
    at.map((i) => text.slice(0, i)),
    at.map((i) => text.slice(i + 1)),
    fc.tuple(pieces, pieces).map(([before, after]) => before + text + after),
    fc.constantFrom(
      text.toLowerCase(),
      text.toUpperCase(),
      [...text].reverse().join(''),
      encodeURIComponent(`${text}=`),
    ),
    anyText,
  )
}

/**
 * Bodies that are not the valid one and must not lead anywhere. The state always differs, or the body is not
 * of the right form: a right state with a wrong code is Notion's to refuse.
 */
export function mutatedCallback(valid: CallbackBody): fc.Arbitrary<unknown> {
  const notText = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.boolean(),
    fc.constant([valid.state]),
    fc.constant([]),
    fc.constant({ $ne: null }),
    fc.constant({ toString: valid.state }),
  )
  const withState = (state: unknown) => ({ ...valid, state })
  return fc
    .oneof(
      { weight: 6, arbitrary: changedText(valid.state).map(withState) },
      notText.map(withState),
      notText.map((code) => ({ ...valid, code })),
      fc.constantFrom<unknown>(
        { state: valid.code, code: valid.state },
        { code: valid.code },
        { state: valid.state },
        { ...valid, code: '' },
        { ...valid, code: 'x'.repeat(2_001) },
        { ...valid, user_id: randomUUID() },
        { ...valid, provider: 'notion' },
        { ...valid, redirect_uri: 'https://evil.test' },
        { State: valid.state, code: valid.code },
        [valid],
        [valid, valid],
        { body: valid },
        JSON.stringify(valid),
      ),
      fc
        .tuple(fc.string({ minLength: 1 }), anyText)
        .map(([name, value]) => ({ [`x${name}`]: value, ...valid })),
    )
    .filter((body) => JSON.stringify(body) !== JSON.stringify(valid))
}
