import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { ensureBrowser } from './ensure-browser.ts'

/**
 * `node scripts/icons.ts` draws `public/icon.svg` as the pictures that phones and desktops want, in the Chromium that the
 * browser tests use. Run it after the drawing was changed, and commit what it makes.
 */
const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url))

interface Picture {
  file: string
  size: number
  /**
   * Cut to any shape by whoever shows it, so the background reaches the edges. What is drawn on it stays within the
   * circle of 80 % that is always shown (W3C App Manifest, maskable icons): it ends at 73 %.
   */
  isCut: boolean
}

const PICTURES: Picture[] = [
  { file: 'icons/192.png', size: 192, isCut: false },
  { file: 'icons/512.png', size: 512, isCut: false },
  { file: 'icons/maskable-192.png', size: 192, isCut: true },
  { file: 'icons/maskable-512.png', size: 512, isCut: true },
  { file: 'apple-touch-icon.png', size: 180, isCut: true },
]

const svg = await readFile(`${PUBLIC}icon.svg`, 'utf8')
const background = /<rect[^>]*fill="([^"]+)"/.exec(svg)?.[1]
if (background === undefined) throw new Error('icon.svg has no background to extend.')

const browser = await chromium.launch({
  executablePath: ensureBrowser(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  for (const { file, size, isCut } of PICTURES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    await page.setContent(
      `<style>* { margin: 0 } body { background: ${isCut ? background : 'none'} } svg { display: block }</style>${svg}`,
    )
    await writeFile(`${PUBLIC}${file}`, await page.screenshot({ omitBackground: !isCut }))
    await page.close()
    console.log(`public/${file}`)
  }
} finally {
  await browser.close()
}
