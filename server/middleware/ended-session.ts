import { defineEventHandler } from 'h3'

/** Stands before `session`, by its name: what a request says of its end comes before who is asking. */
export default defineEventHandler((event) => endMarkedSession(event))
