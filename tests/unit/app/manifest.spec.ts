import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const PNG = '89504e470d0a1a0a'

const IconSchema = z.strictObject({
  src: z.string().startsWith('/'),
  sizes: z.string(),
  type: z.enum(['image/png', 'image/svg+xml']).optional(),
  purpose: z.enum(['any', 'maskable']).optional(),
})

/** What the W3C's App Manifest names, as far as we use it; a misspelt member would be ignored by browsers in silence. */
const ManifestSchema = z.strictObject({
  id: z.string().startsWith('/'),
  name: z.string().min(1),
  short_name: z.string().min(1).max(12),
  description: z.string().min(1),
  start_url: z.string().startsWith('/'),
  scope: z.string().startsWith('/'),
  display: z.enum(['standalone']),
  background_color: z.string().regex(/^#[\da-f]{6}$/),
  theme_color: z.string().regex(/^#[\da-f]{6}$/),
  categories: z.array(z.string()),
  icons: z.array(IconSchema),
  shortcuts: z.array(
    z.strictObject({ name: z.string().min(1), url: z.string().startsWith('/'), icons: z.array(IconSchema) }),
  ),
})

const manifest = ManifestSchema.parse(JSON.parse(await readFile(at('public/manifest.webmanifest'), 'utf8')))

/** Width, height and whether it can be seen through, as the picture itself says (PNG §11.2.1). */
async function pngOf(path: string) {
  const bytes = await readFile(path)
  expect(bytes.subarray(0, 8).toString('hex')).toBe(PNG)
  return { sizes: `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, isOpaque: bytes[25] === 2 }
}

describe('the manifest', () => {
  it('opens inside its own scope', () => {
    for (const url of [manifest.start_url, ...manifest.shortcuts.map((shortcut) => shortcut.url)])
      expect(url.startsWith(manifest.scope), url).toBe(true)
  })

  it('has shortcuts to pages that there are', () => {
    expect(manifest.shortcuts.length).toBeGreaterThan(0)
    for (const { url } of manifest.shortcuts)
      expect(existsSync(at(`pages/${url === '/' ? 'index' : url.slice(1)}.vue`)), url).toBe(true)
  })

  it.each([
    ['any', '192x192'],
    ['any', '512x512'],
    ['maskable', '192x192'],
    ['maskable', '512x512'],
  ])('has an icon for “%s” of %s, as browsers want before they install', (purpose, sizes) => {
    expect(manifest.icons.some((icon) => icon.purpose === purpose && icon.sizes === sizes)).toBe(true)
  })

  it.each([...manifest.icons, ...manifest.shortcuts.flatMap(({ icons }) => icons)])(
    'names $src, which is there and as large as it says ($purpose)',
    async ({ src, sizes, purpose }) => {
      const path = at(`public${src}`)
      expect(existsSync(path)).toBe(true)
      if (src.endsWith('.svg')) return expect(sizes).toBe('any')
      const png = await pngOf(path)
      expect(png.sizes).toBe(sizes)
      // Cut to any shape, it must be painted to the edge.
      if (purpose === 'maskable') expect(png.isOpaque).toBe(true)
    },
  )
})

describe("Apple's icon", () => {
  it('is there, 180 pixels wide, and painted to the edge: what is not becomes black', async () => {
    expect(await pngOf(at('public/apple-touch-icon.png'))).toEqual({ sizes: '180x180', isOpaque: true })
  })
})
