import { NotionError } from './errors'

export type GatePriority = 'interactive' | 'background'

/** A request waiting for its turn. */
export interface Waiting {
  priority: GatePriority
  /** Lower goes first within a priority; a retried request keeps its number and so its place. */
  order: number
  /** Epoch milliseconds after which nobody wants the answer any more. */
  deadlineAt: number
  signal: AbortSignal | undefined
}

interface Ticket extends Waiting {
  admit: () => void
  refuse: (error: NotionError) => void
}

export interface GateQueueOptions {
  budgetPerWindow: number
  windowMs: number
  maxInFlight: number
  /** Part of the budget that background requests leave for a person who is waiting. */
  interactiveReserve: number
}

/**
 * Lets requests through within a budget per sliding window. A slot is given back one window after its request
 * *ended*, so that however Notion cuts its windows and whatever the network adds, none of them sees more than
 * the budget. Interactive requests go first, and one slot in flight is kept free for them.
 */
export class GateQueue {
  readonly #options: GateQueueOptions
  readonly #waiting: Ticket[] = []
  /** When the slots of ended requests were given up, oldest first. */
  readonly #endedAt: number[] = []
  #inFlight = 0
  #pausedUntil = 0
  /** After a pause one request goes ahead; the rest follow when it was let through. */
  #probing = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: GateQueueOptions) {
    this.#options = options
  }

  /**
   * Waits for a turn.
   * @returns what to call when the request has ended
   * @throws NotionError `rate_limited` when the turn cannot come before the deadline, `aborted`
   */
  async enter(request: Waiting): Promise<(outcome: { refused: boolean }) => void> {
    await new Promise<void>((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(new NotionError('aborted'))
        return
      }
      const ticket: Ticket = {
        ...request,
        admit: () => {
          request.signal?.removeEventListener('abort', onAbort)
          resolve()
        },
        refuse: (error) => {
          request.signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      const onAbort = () => {
        this.#remove(ticket)
        ticket.refuse(new NotionError('aborted'))
      }
      request.signal?.addEventListener('abort', onAbort, { once: true })
      this.#insert(ticket)
      this.#pump()
    })
    const startedAt = Date.now()
    return ({ refused }) => {
      this.#inFlight -= 1
      this.#endedAt.push(Date.now())
      if (!refused && startedAt >= this.#pausedUntil) this.#probing = false
      this.#pump()
    }
  }

  /** Stops everything until then; never shortens a pause. */
  pauseUntil(atMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, atMs)
    this.#probing = true
    this.#pump()
  }

  get pausedUntil(): number | null {
    return this.#pausedUntil > Date.now() ? this.#pausedUntil : null
  }

  get queued(): number {
    return this.#waiting.length
  }

  /** Slots taken: requests in flight, and those that ended within the window. */
  get used(): number {
    this.#forgetOld()
    return this.#inFlight + this.#endedAt.length
  }

  /** When the next taken slot comes back. */
  get nextSlotAt(): number | null {
    this.#forgetOld()
    const [oldest] = this.#endedAt
    return oldest === undefined ? null : oldest + this.#options.windowMs
  }

  #pump(): void {
    clearTimeout(this.#timer)
    this.#refuseHopeless()
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (!this.#mayStart(next.priority)) break
      this.#waiting.shift()
      this.#inFlight += 1
      next.admit()
    }
    this.#scheduleWake()
  }

  #mayStart(priority: GatePriority): boolean {
    const { budgetPerWindow, interactiveReserve, maxInFlight } = this.#options
    if (this.pausedUntil !== null) return false
    const background = priority === 'background'
    const budget = background ? Math.max(1, budgetPerWindow - interactiveReserve) : budgetPerWindow
    const width = background ? Math.max(1, maxInFlight - 1) : maxInFlight
    return this.#inFlight < (this.#probing ? 1 : width) && this.used < budget
  }

  /** Tells those at once who cannot be served in time, rather than at their deadline. */
  #refuseHopeless(): void {
    const now = Date.now()
    const startAt = this.#earliestStart(now)
    for (const ticket of this.#waiting.filter(({ deadlineAt }) => deadlineAt <= startAt)) {
      this.#remove(ticket)
      ticket.refuse(new NotionError('rate_limited', { retryAfterMs: startAt - now }))
    }
  }

  #earliestStart(now: number): number {
    const spent = this.used >= this.#options.budgetPerWindow
    return Math.max(now, this.#pausedUntil, (spent ? this.nextSlotAt : null) ?? now)
  }

  #scheduleWake(): void {
    if (this.#waiting.length === 0) return
    const wakeAt = [
      this.pausedUntil ?? this.nextSlotAt ?? Number.POSITIVE_INFINITY,
      ...this.#waiting.map(({ deadlineAt }) => deadlineAt),
    ]
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.min(...wakeAt) - Date.now()))
  }

  #insert(ticket: Ticket): void {
    const rank = (entry: Waiting) => (entry.priority === 'interactive' ? 0 : 1)
    const at = this.#waiting.findIndex(
      (other) => rank(other) > rank(ticket) || (rank(other) === rank(ticket) && other.order > ticket.order),
    )
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, ticket)
  }

  #remove(ticket: Ticket): void {
    const at = this.#waiting.indexOf(ticket)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  #forgetOld(): void {
    const oldest = Date.now() - this.#options.windowMs
    while (this.#endedAt[0] !== undefined && this.#endedAt[0] <= oldest) this.#endedAt.shift()
  }
}
