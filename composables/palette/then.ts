/** What choosing an entry of the palette does, once the palette has gone. */
export type Then = (act: () => unknown) => () => void
