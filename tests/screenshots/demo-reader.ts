import { seededId } from '../../sandbox/notion/ids.ts'
import { NotionControl } from '../support/notion-control.ts'
import { type Cookies, Person } from './person.ts'

/** Somebody with the whole demo workspace in one list, read to its end: what they are signed in by. */
export async function demoReader(appUrl: string, notionUrl = ''): Promise<Cookies> {
  await new NotionControl(notionUrl).settings({ rate_limit: 'off', search_lag_ms: 0 })
  const person = await Person.signUp(appUrl, 'reader')
  await person.connect(seededId('workspace:acme'))
  await person.choose('Everything')
  await person.readingEnds()
  const cookies = await person.cookies()
  await person.dispose()
  return cookies
}
