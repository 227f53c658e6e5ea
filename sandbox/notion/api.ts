import { blockEndpoints } from './blocks.ts'
import { queryEndpoints } from './data-sources-query.ts'
import { databaseEndpoints } from './databases.ts'
import { pageEndpoints } from './pages.ts'
import type { Endpoint } from './router.ts'
import { searchEndpoints } from './search.ts'
import { userEndpoints } from './users.ts'

/** Every endpoint that takes a bearer token. */
export const ENDPOINTS: Endpoint[] = [
  ...userEndpoints,
  ...searchEndpoints,
  ...databaseEndpoints,
  ...queryEndpoints,
  ...pageEndpoints,
  ...blockEndpoints,
]
