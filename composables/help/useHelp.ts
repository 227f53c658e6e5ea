/** Whether the help panel is open: it is asked for from the menu, the palette and the list. */
export function useHelp() {
  return useState('help', () => false)
}
