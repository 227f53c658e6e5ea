/** What the person is looking for, kept while they move between lists. */
export const useViewStore = defineStore('view', () => {
  const text = ref('')
  const show = ref<'open' | 'all'>('open')
  return { text, show }
})
