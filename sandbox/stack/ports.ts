import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { poll } from './poll.ts'
import { SandboxError } from './sandbox-error.ts'

/** Linux uses 32768 to 60999 for outgoing connections unless told otherwise. */
const FIRST_PRIVATE_PORT = 61_000
const LAST_PORT = 65_535
const SEARCH_TIMEOUT_MS = 10_000

/** True when nothing listens on this port of the loopback address. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/**
 * Makes sure a part can listen on its port before it is started.
 * @throws SandboxError naming the port and the variable that moves it.
 */
export async function assertPortFree(port: number, variable: string, what: string): Promise<void> {
  if (await isPortFree(port)) return
  throw new SandboxError(
    `Port ${port}, needed for ${what}, is already used by another program. ` +
      `Stop that program, or set ${variable} to a free port.`,
  )
}

/**
 * A port nobody uses at this moment. Not one of those the system hands out to outgoing connections: such a
 * one could be taken between this answer and its use.
 */
export async function findFreePort(): Promise<number> {
  const port = await poll(async () => {
    const candidate = randomInt(FIRST_PRIVATE_PORT, LAST_PORT + 1)
    return (await isPortFree(candidate)) ? candidate : undefined
  }, SEARCH_TIMEOUT_MS)
  if (port === undefined) throw new Error('no free port was found')
  return port
}
