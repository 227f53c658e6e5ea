/** Says whose to-dos are kept here, so that browsers of everybody else never open a database for nothing. */
export const MARK = 'roundup:kept-for'

/** Who keeps their to-dos on this device; null: nobody. */
export function keptFor(): string | null {
  return localStorage.getItem(MARK)
}

export function setKeptFor(userId: string | null): void {
  if (userId === null) localStorage.removeItem(MARK)
  else localStorage.setItem(MARK, userId)
}
