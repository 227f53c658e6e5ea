import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ERROR_MESSAGE, ERROR_STATUS } from '#shared/schemas/error'

const document = readFileSync(new URL('../../../docs/error-codes.md', import.meta.url), 'utf8')

it('the list of error codes is the list of error codes', () => {
  const listed = [...document.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\| (.+?) +\| .+ \|$/gm)].map(
    ([, code, status, message]) => [code, Number(status), message],
  )
  const real = Object.entries(ERROR_STATUS).map(([code, status]) => [
    code,
    status,
    ERROR_MESSAGE[code as keyof typeof ERROR_STATUS],
  ])
  expect(listed).toEqual(real)
})
