import { blockEndpoints } from './blocks.ts'
import { queryEndpoints } from './data-sources-query.ts'
import { dataSourceEndpoints } from './data-sources.ts'
import { databaseEndpoints } from './databases.ts'
import { pageMarkdownEndpoints } from './page-markdown.ts'
import { pagePropertyEndpoints } from './page-properties.ts'
import { pageEndpoints } from './pages.ts'
import type { Endpoint } from './router.ts'
import { searchEndpoints } from './search.ts'
import { userEndpoints } from './users.ts'

/** Every endpoint that takes a bearer token. */
export const ENDPOINTS: Endpoint[] = [
  ...userEndpoints,
  ...searchEndpoints,
  ...databaseEndpoints,
  ...dataSourceEndpoints,
  ...queryEndpoints,
  ...pageEndpoints,
  ...pagePropertyEndpoints,
  ...pageMarkdownEndpoints,
  ...blockEndpoints,
]
