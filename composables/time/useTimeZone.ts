/** The reader's time zone, which decides what "today" is. */
export function useTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
