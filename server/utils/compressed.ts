import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { H3Event } from 'h3'
import { appendResponseHeader, getRequestHeader, setResponseHeader } from 'h3'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Not worth a header below this. */
const WORTH_IT_BYTES = 1_024
/** Quick rather than small: a megabyte takes some ten milliseconds, off the main thread. */
const BROTLI_QUALITY = 2
const GZIP_LEVEL = 1

/** Answers JSON that is text already, compressed as the reader accepts (RFC 9110 §12.5.3). */
export async function compressedJson(event: H3Event, json: string): Promise<Buffer> {
  const { body, encoding } = await compress(json, getRequestHeader(event, 'accept-encoding'))
  setResponseHeader(event, 'content-type', 'application/json')
  appendResponseHeader(event, 'vary', 'accept-encoding')
  if (encoding !== null) setResponseHeader(event, 'content-encoding', encoding)
  return body
}

/** @param accepted an Accept-Encoding header */
export async function compress(
  text: string,
  accepted: string | undefined,
): Promise<{ body: Buffer; encoding: 'br' | 'gzip' | null }> {
  const bytes = Buffer.from(text)
  const encoding = bytes.length < WORTH_IT_BYTES ? null : chooseEncoding(accepted)
  if (encoding === null) return { body: bytes, encoding }
  if (encoding === 'gzip') return { body: await gzipped(bytes, { level: GZIP_LEVEL }), encoding }
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return { body: await brotli(bytes, { params }), encoding }
}

function chooseEncoding(accepted: string | undefined): 'br' | 'gzip' | null {
  const codings = new Map(
    (accepted ?? '').split(',').map((part): [string, boolean] => {
      const [coding = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase())
      return [coding, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))]
    }),
  )
  if (codings.get('br')) return 'br'
  return codings.get('gzip') ? 'gzip' : null
}
