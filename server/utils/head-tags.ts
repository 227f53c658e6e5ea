/** Takes the tags that match out of a page's head, and answers them in their order. */
export function takeTags(html: { head: string[] }, pattern: RegExp): string[] {
  const taken: string[] = []
  html.head = html.head.map((part) =>
    part.replaceAll(pattern, (tag) => {
      taken.push(tag)
      return ''
    }),
  )
  return taken
}
