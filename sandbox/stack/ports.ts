import { createServer } from 'node:net'
import { SandboxError } from './sandbox-error.ts'

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

/** A port nobody uses at this moment, chosen by the operating system. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no port was given'))
      })
    })
  })
}
