/** Asking costs a formatter, and every row of a list asks. */
let known: string | undefined

/** The reader's time zone, which decides what "today" is; as it was when the page was opened. */
export function useTimeZone(): string {
  known ??= new Intl.DateTimeFormat().resolvedOptions().timeZone
  return known
}
