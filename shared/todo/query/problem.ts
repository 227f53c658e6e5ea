/** What is wrong with a line, and where. The interface has a sentence for every code. */
export interface Problem {
  code:
    | 'unclosed_quote'
    | 'unclosed_group'
    | 'stray_close'
    | 'empty_group'
    | 'missing_operand'
    | 'missing_value'
    | 'bad_value'
    | 'unknown_field'
    | 'too_long'
    | 'too_deep'
    | 'too_many'
  /** From this character… */
  start: number
  /** …up to this one. */
  end: number
  /** It stands at the end of the line: whoever types is probably not done. */
  unfinished: boolean
  /** What would be right there, as it is typed. */
  expected: readonly string[]
}
