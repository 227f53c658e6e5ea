import { ENTRANCE } from './entrance.ts'
import { FIRST_RUN } from './first-run.ts'
import { LIST } from './list.ts'
import { PLACES } from './places.ts'
import type { Scene } from './scene.ts'
import { TROUBLE } from './trouble.ts'

/** Every page in every state. */
export const SCENES: readonly Scene[] = [...ENTRANCE, ...FIRST_RUN, ...LIST, ...TROUBLE, ...PLACES]
