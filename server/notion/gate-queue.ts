import type { BudgetLedger, LimitReason } from './budget'
import { BASE_BUDGET } from './budget'
import { NotionError } from './errors'
import type { Wanted } from './slot-pool'
import { SlotPool } from './slot-pool'

/**
 * Somebody waits for this one; one of many that somebody asked for; what nobody waits for; a copy of what is known
 * already, which can always wait.
 */
export type GatePriority = 'interactive' | 'bulk' | 'background' | 'mirror'

const RANK: Readonly<Record<GatePriority, number>> = { interactive: 0, bulk: 1, background: 2, mirror: 3 }

/** Requests in flight beyond the usual number, so that somebody who waits never waits for an answer to others. */
const ROOM_FOR_PEOPLE = 2

/** A request waiting for its turn. */
export interface Waiting {
  priority: GatePriority
  /** Lower goes first within a priority; a retried request keeps its number and so its place. */
  order: number
  /** Epoch milliseconds after which nobody wants the answer any more. */
  deadlineAt: number
  signal: AbortSignal | undefined
}

/** A request's turn, to be ended by exactly one of the two. */
export interface Turn {
  /** @param passed Notion let it through, whatever it answered */
  leave: (outcome: { passed: boolean }) => void
  /** Notion asked the connection to slow down until then. */
  refuse: (refusal: { untilMs: number; reason: LimitReason }) => void
}

interface Ticket extends Waiting {
  admit: (turn: Turn) => void
  refuse: (error: NotionError) => void
}

export interface GateQueueOptions {
  ledger: BudgetLedger
  windowMs: number
  /** Requests of others than people at a time. */
  maxInFlight: number
}

/**
 * Lets requests through in their order and within the budget the ledger keeps. Interactive requests go first and
 * have room in flight of their own, and a refusal stops everything.
 */
export class GateQueue {
  readonly #options: GateQueueOptions
  readonly #pool: SlotPool
  readonly #waiting: Ticket[] = []
  #inFlight = 0
  #budget = BASE_BUDGET
  /** Until then no slot comes back, as far as the ledger knows. */
  #slotAt = 0
  #pausedUntil = 0
  /** After a pause one request goes ahead; the rest follow when it was let through. */
  #testing = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #quietTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: GateQueueOptions) {
    this.#options = options
    this.#pool = new SlotPool(options.ledger, options.windowMs)
  }

  /**
   * Waits for a turn.
   * @throws NotionError `rate_limited` when the turn cannot come before the deadline, `aborted`
   */
  enter(request: Waiting): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(new NotionError('aborted'))
        return
      }
      const ticket: Ticket = {
        ...request,
        admit: (turn) => {
          request.signal?.removeEventListener('abort', onAbort)
          resolve(turn)
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
  }

  /** Stops everything until then; never shortens a pause. */
  pauseUntil(atMs: number): void {
    if (atMs <= Date.now()) return
    this.#pausedUntil = Math.max(this.#pausedUntil, atMs)
    this.#testing = true
    this.#pump()
  }

  get pausedUntil(): number | null {
    return this.#pausedUntil > Date.now() ? this.#pausedUntil : null
  }

  get queued(): number {
    return this.#waiting.length
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Requests a window, as the ledger last said. */
  get budget(): number {
    return this.#budget
  }

  #pump(): void {
    this.#refuseHopeless()
    for (let next = this.#waiting[0]; next && this.#mayStart(next.priority); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#start(next)
    }
    this.#askForSlots()
    this.#scheduleWake()
    this.#scheduleGivingBack()
  }

  #start({ priority, admit }: Ticket): void {
    const { isProbe } = this.#pool.take(priority)
    const startedAt = Date.now()
    this.#inFlight += 1
    admit({
      leave: ({ passed }) => {
        this.#inFlight -= 1
        this.#pool.end({ priority, startedAt })
        if (passed && startedAt >= this.#pausedUntil) this.#testing = false
        // The budget may have grown: asking again is worth it at once.
        if (passed && isProbe) void this.#options.ledger.probePassed().then(() => this.#pump())
        this.#pump()
      },
      refuse: ({ untilMs, reason }) => {
        this.#inFlight -= 1
        const now = Date.now()
        void this.#options.ledger.refused({
          reason,
          pauseMs: untilMs - now,
          sentAgoMs: now - startedAt,
          isProbe,
          ended: this.#pool.takeEnded(),
        })
        this.pauseUntil(untilMs)
        this.#pump()
      },
    })
  }

  #mayStart(priority: GatePriority): boolean {
    if (this.pausedUntil !== null) return false
    return this.#inFlight < this.#width(priority) && this.#pool.has(priority)
  }

  #width(priority: GatePriority): number {
    if (this.#testing) return 1
    const { maxInFlight } = this.#options
    return priority === 'interactive' ? maxInFlight + ROOM_FOR_PEOPLE : maxInFlight
  }

  /** Whom slots are wanted for: nobody who could not start anyway. */
  #wanted(): Wanted {
    const people = this.#waiting.filter(({ priority }) => priority === 'interactive').length
    const background = this.#inFlight < this.#width('background') ? this.#waiting.length - people : 0
    const room = Math.max(0, this.#width('interactive') - this.#inFlight)
    return { people: Math.min(people, room), background }
  }

  #askForSlots(): void {
    if (this.pausedUntil !== null) return
    const askAt = this.#pool.askAt(this.#wanted())
    if (askAt === null || askAt > Date.now()) return
    void this.#pool.ask(this.#wanted(), this.#budget).then((grant) => {
      this.#budget = grant.budget
      this.#slotAt = Date.now() + grant.slotInMs
      if (grant.pausedForMs > 0) this.pauseUntil(Date.now() + grant.pausedForMs)
      this.#pump()
    })
  }

  /** Tells those at once who cannot be served in time, rather than at their deadline. */
  #refuseHopeless(): void {
    const now = Date.now()
    const startAt = Math.max(now, this.#pausedUntil)
    for (const ticket of [...this.#waiting]) {
      const earliest = this.#pool.has(ticket.priority) ? startAt : Math.max(startAt, this.#slotAt)
      if (ticket.deadlineAt > earliest) continue
      this.#remove(ticket)
      ticket.refuse(new NotionError('rate_limited', { retryAfterMs: earliest - now }))
    }
  }

  #scheduleWake(): void {
    clearTimeout(this.#timer)
    if (this.#waiting.length === 0) return
    const wakeAt = [
      this.pausedUntil ?? this.#pool.askAt(this.#wanted()) ?? Number.POSITIVE_INFINITY,
      ...this.#waiting.map(({ deadlineAt }) => deadlineAt),
    ]
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.min(...wakeAt) - Date.now()))
  }

  /** When nothing happens for a moment, or nothing may, others shall have what is held here. */
  #scheduleGivingBack(): void {
    clearTimeout(this.#quietTimer)
    if (!this.#pool.hasLoose) return
    this.#quietTimer = setTimeout(() => {
      void this.#pool.giveBack().then(() => this.#pump())
    }, this.#pool.quietMs)
    this.#quietTimer.unref()
  }

  #insert(ticket: Ticket): void {
    const rank = (entry: Waiting) => RANK[entry.priority]
    const at = this.#waiting.findIndex(
      (other) => rank(other) > rank(ticket) || (rank(other) === rank(ticket) && other.order > ticket.order),
    )
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, ticket)
  }

  #remove(ticket: Ticket): void {
    const at = this.#waiting.indexOf(ticket)
    if (at !== -1) this.#waiting.splice(at, 1)
  }
}
