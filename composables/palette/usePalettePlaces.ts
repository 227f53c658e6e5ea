import type { CommandPaletteItem } from '@nuxt/ui'
import type { RouteLocationRaw } from 'vue-router'
import { useAllTodos } from '~/composables/views/useAllTodos'
import { useSavedViews } from '~/composables/views/useSavedViews'
import { useLibraryStore } from '~/stores/library'
import type { Then } from './then'

/** Everywhere one can go: the screens, the saved views and the lists. */
export function usePalettePlaces(then: Then) {
  const { t } = useI18n()
  const library = useLibraryStore()
  const allTodos = useAllTodos()
  const savedViews = useSavedViews()
  const go = (to: RouteLocationRaw) => then(() => navigateTo(to))

  return computed<CommandPaletteItem[]>(() => [
    {
      label: t('views.all'),
      icon: 'i-lucide-list-checks',
      kbds: ['g', 'a'],
      onSelect: go(allTodos.to.value),
    },
    { label: t('views.today'), icon: 'i-lucide-calendar-check', kbds: ['g', 't'], onSelect: go('/today') },
    { label: t('views.mine'), icon: 'i-lucide-user', kbds: ['g', 'm'], onSelect: go('/mine') },
    {
      label: t('views.completed'),
      icon: 'i-lucide-check-check',
      kbds: ['g', 'c'],
      onSelect: go('/completed'),
    },
    { label: t('views.history'), icon: 'i-lucide-history', kbds: ['g', 'h'], onSelect: go('/history') },
    ...savedViews.value.map(({ name, to }) => ({ label: name, icon: 'i-lucide-bookmark', onSelect: go(to) })),
    ...library.lists.map(({ id, name }) => ({
      label: name,
      icon: 'i-lucide-layers',
      onSelect: go(`/lists/${id}`),
    })),
    { label: t('nav.newList'), icon: 'i-lucide-plus', onSelect: go('/databases') },
    { label: t('nav.connect'), icon: 'i-lucide-plug', onSelect: go('/connect-notion') },
    { label: t('nav.settings'), icon: 'i-lucide-settings', onSelect: go('/settings') },
  ])
}
