import { ApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import type { Mirror, MirrorBody, MirrorEnd } from '#shared/schemas/mirror'

/** The lists that are mirrored into Notion. */
export const useMirrorsStore = defineStore('mirrors', () => {
  const api = useApi()
  const mirrors = shallowRef<Mirror[]>([])
  const failure = ref<FailureCode | null>(null)

  const byList = computed(() => new Map(mirrors.value.map((mirror) => [mirror.listId, mirror])))
  const isBusy = computed(() => mirrors.value.some(({ state }) => state === 'waiting' || state === 'running'))

  /** Reads them anew. Failures end in `failure`. */
  async function load(): Promise<void> {
    try {
      mirrors.value = (await api('GET /api/mirrors')).mirrors
      failure.value = null
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      failure.value = thrown.code
    }
  }

  /** @throws ApiError */
  async function create(body: MirrorBody): Promise<void> {
    keep((await api('POST /api/mirrors', { body })).mirror)
  }

  /** @throws ApiError */
  async function sync(id: number): Promise<void> {
    keep((await api('POST /api/mirrors/:id/sync', { params: { id } })).mirror)
  }

  /** @throws ApiError */
  async function setTickBack(id: number, tickBack: boolean): Promise<void> {
    keep((await api('PUT /api/mirrors/:id', { params: { id }, body: { tickBack } })).mirror)
  }

  /** @throws ApiError */
  async function end(id: number, database: MirrorEnd): Promise<void> {
    await api('DELETE /api/mirrors/:id', { params: { id }, query: { database } })
    mirrors.value = mirrors.value.filter((mirror) => mirror.id !== id)
  }

  /** A list has one mirror: a new one takes the place of one that went missing. */
  function keep(mirror: Mirror): void {
    mirrors.value = [...mirrors.value.filter(({ listId }) => listId !== mirror.listId), mirror]
  }

  return { byList, isBusy, failure, load, create, sync, setTickBack, end }
})
