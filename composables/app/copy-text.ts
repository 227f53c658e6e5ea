/**
 * Puts a text on the clipboard. Browsers have one only on https and localhost, and only while the page has the focus.
 *
 * @returns false when it could not be copied
 */
export async function copyText(text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = globalThis.navigator?.clipboard
  if (!clipboard) return false
  try {
    await clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
