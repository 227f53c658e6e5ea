/** Wakes whoever waits for it. Rung before anybody waits, it is still heard. */
export interface Bell {
  /** Resolves at the next ring since it was still. */
  readonly rung: Promise<void>
  readonly isRung: boolean
  ring: () => void
  /** From here on, earlier rings do not count. */
  still: () => void
}

/** A bell that has not been rung. */
export function makeBell(): Bell {
  let ring: () => void
  let isRung = false
  let rung: Promise<void>
  const still = () => {
    isRung = false
    rung = new Promise((resolve) => {
      ring = resolve
    })
  }
  still()
  return {
    get rung() {
      return rung
    },
    get isRung() {
      return isRung
    },
    ring: () => {
      isRung = true
      ring()
    },
    still,
  }
}
