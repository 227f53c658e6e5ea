import type { z } from '#shared/zod'
import type { ROUTES } from '#shared/api/routes'

type Contracts = typeof ROUTES

type ReplyOf<Contract> = Contract extends { reply: { json: infer Schema extends z.ZodType } }
  ? z.output<Schema>
  : undefined
type BodyOf<Contract> = Contract extends { body: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> }
  : object
/** What a query or a path holds once it is understood: numbers and switches travel as text. */
type ParamsOf<Contract> = Contract extends { params: infer Schema extends z.ZodType }
  ? { params: z.output<Schema> }
  : object
type QueryOf<Contract> = Contract extends { query: infer Schema extends z.ZodType }
  ? object extends z.output<Schema>
    ? { query?: z.output<Schema> }
    : { query: z.output<Schema> }
  : object

/**
 * Every route with what goes in and what comes back, from the contract that the server, the OpenAPI document and
 * the tests share. Only the types of it: checking a reply of our own origin again would only break tabs that are a
 * release older than the server.
 */
export type Endpoints = {
  [Key in keyof Contracts]: { reply: ReplyOf<Contracts[Key]> } & BodyOf<Contracts[Key]> &
    ParamsOf<Contracts[Key]> &
    QueryOf<Contracts[Key]>
}

export type Inputs<Key extends keyof Endpoints> = Omit<Endpoints[Key], 'reply'>
