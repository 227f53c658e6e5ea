/** Made by Nuxt Icon at build time, which ships no types for it: the icons that our sources name. */
declare module '#build/nuxt-icon-client-bundle' {
  export interface IconShape {
    body: string
    width: number
    height: number
  }
  export function init(add: (name: string, icon: IconShape) => void): void
}
