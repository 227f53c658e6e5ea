/**
 * False until the page's script is at work. Forms stay disabled until then: what is typed earlier would be
 * lost, and a submit would leave the page.
 */
export function useHydrated() {
  const hydrated = ref(false)
  onMounted(() => {
    hydrated.value = true
  })
  return readonly(hydrated)
}
