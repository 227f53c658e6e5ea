/** Never asked for anything: it only gives relative paths something to be resolved against. */
const DUMMY_ORIGIN = 'http://local.invalid'

/**
 * A path on this site, or the fallback. What comes in is a `next` or `returnTo` that anybody may have written
 * into a link, so it is resolved the way a browser would resolve it, and only a result that stays on the same
 * origin is handed on. `//host`, `/\host`, schemes and control characters (which browsers drop before
 * resolving) all lead elsewhere and are refused.
 *
 * @param value what the link carried
 * @param fallback where to go otherwise; a literal path of our own
 */
export function safeLocalPath(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || !value.startsWith('/') || value.length > 2_000) return fallback
  if (hasControlCharacter(value) || value.includes('\\')) return fallback
  if (!URL.canParse(value, DUMMY_ORIGIN)) return fallback
  const url = new URL(value, DUMMY_ORIGIN)
  // "/.//host" resolves to the path "//host", which the next browser to read it takes for another site.
  if (url.origin !== DUMMY_ORIGIN || url.pathname.startsWith('//')) return fallback
  return url.pathname + url.search + url.hash
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => {
    const codePoint = character.codePointAt(0) ?? 0
    return codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f)
  })
}
