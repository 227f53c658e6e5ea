/** What calendars ask to see whether something is new: the same without its text (RFC 9110 §9.3.2). */
export { default } from './[token].get'
