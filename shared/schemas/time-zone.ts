import { z } from '../zod'

const MAX_LENGTH = 64

/** An IANA name that this runtime knows. */
export const TimeZoneSchema = z.string().max(MAX_LENGTH).refine(isTimeZone, 'not a time zone')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
