import type { AppContext } from '#server/context'
import { createLiveHub, type LiveHub } from './hub'
import { listenTo } from './listener'

let current: LiveHub | undefined

/** This process's hub, listening from the first stream on. */
export function liveHub({ sql, environment }: Pick<AppContext, 'sql' | 'environment'>): LiveHub {
  current ??= createLiveHub(sql, (channels, listener) =>
    listenTo(environment.DATABASE_URL, channels, listener),
  )
  return current
}

/** Closes every stream; browsers open them again elsewhere. */
export function stopLiveHub(): void {
  current?.stop()
  current = undefined
}
