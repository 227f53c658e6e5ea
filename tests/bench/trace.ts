import { z } from 'zod'

const TraceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds: by the clock on the wall, and of the processor. */
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.unknown(),
    }),
  ),
})
type Event = z.infer<typeof TraceSchema>['traceEvents'][number]

const TASK = 'ThreadControllerImpl::RunTask'
const GARBAGE = /^(Major|Minor)GC$/

/** What the page's main thread did. @throws when the trace says nothing of it */
export function mainThreadOf(trace: Buffer): readonly Event[] {
  const events = onMainThread(TraceSchema.parse(JSON.parse(trace.toString())).traceEvents)
  if (events.every(({ name }) => name !== TASK)) throw new Error('The trace has no task of the page')
  return events
}

/**
 * How many tasks of the page's main thread were longer than that, and the longest. Where a core is to be waited for
 * (the browser draws with the processor here, too), a task takes longer than it works.
 */
export function longTasksIn(
  events: readonly Event[],
  clock: 'wall' | 'thread',
  longerThanMs: number,
): string {
  const msOf = (event: Event) => ((clock === 'wall' ? event.dur : event.tdur) ?? 0) / 1_000
  const tasks = events.filter(({ name }) => name === TASK).map(msOf)
  const garbage = events.filter(({ name }) => GARBAGE.test(name)).map(msOf)
  const long = tasks.filter((ms) => ms > longerThanMs).length
  const [longest, longestGarbage] = [tasks, garbage].map((all) => Math.max(0, ...all).toFixed(0))
  return `${long}, longest ${longest} ms of ${tasks.length}; longest collection of garbage ${longestGarbage} ms`
}

/** Of the process that has worked the most: others draw start pages and the like. */
function onMainThread(events: readonly Event[]): Event[] {
  const threads = events.filter(({ name, args }) => name === 'thread_name' && isMain(args))
  const worked = threads.map(({ pid, tid }) => events.filter((one) => one.pid === pid && one.tid === tid))
  return worked.toSorted((a, b) => b.length - a.length)[0] ?? []
}

function isMain(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'name' in args && args.name === 'CrRendererMain'
}
