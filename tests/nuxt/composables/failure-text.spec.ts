import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { setResponseStatus } from 'h3'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '#shared/schemas/error'
import { useApi } from '~/composables/api/useApi'
import { useFailureText } from '~/composables/api/useFailureText'
import { useRetryTimes } from '~/composables/api/useRetryTimes'
import { useClockTime } from '~/composables/time/useClockTime'

let code: ErrorCode = 'TOO_MANY_REQUESTS'
let retryAfter: number | undefined

registerEndpoint('/api/todo-lists', {
  method: 'GET',
  handler: (event) => {
    setResponseStatus(event, 429)
    return { error: { code, message: '', requestId: 'r', ...(retryAfter !== undefined && { retryAfter }) } }
  },
})

interface Tools {
  api: ReturnType<typeof useApi>
  text: ReturnType<typeof useFailureText>
  clock: ReturnType<typeof useClockTime>
}

async function tools(): Promise<Tools> {
  let found: Tools | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        found = { api: useApi(), text: useFailureText(), clock: useClockTime() }
        return () => null
      },
    }),
  )
  if (!found) throw new Error('Nothing was mounted')
  return found
}

beforeEach(() => {
  useRetryTimes().times.value = {}
})

describe('the words for too many requests', () => {
  it.each(['TOO_MANY_REQUESTS', 'NOTION_RATE_LIMITED'] as const)(
    'name the time that came with %s',
    async (kind) => {
      code = kind
      retryAfter = 600
      const { api, text, clock } = await tools()
      await expect(api('GET /api/todo-lists')).rejects.toMatchObject({ code })
      expect(text(kind).advice).toContain(clock(new Date(Date.now() + 600_000)))
    },
  )

  it('name none when none came, and none that has passed', async () => {
    code = 'TOO_MANY_REQUESTS'
    retryAfter = undefined
    const { api, text } = await tools()
    await expect(api('GET /api/todo-lists')).rejects.toMatchObject({ code })
    expect(text(code).advice).toBe('Wait a moment, then try again.')
    useRetryTimes().times.value = { TOO_MANY_REQUESTS: Date.now() - 1_000 }
    expect(text(code).advice).toBe('Wait a moment, then try again.')
  })

  it('never name a time that is too early', async () => {
    const { clock } = await tools()
    const minute = new Date('2026-11-20T10:05:00')
    expect(clock(new Date('2026-11-20T10:04:01'))).toBe(clock(minute))
    expect(clock(minute)).toBe(clock(minute))
    expect(clock(new Date('2026-11-20T10:05:01'))).not.toBe(clock(minute))
  })
})
