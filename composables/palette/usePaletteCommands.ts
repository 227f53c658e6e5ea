import type { CommandPaletteItem } from '@nuxt/ui'
import { GroupBySchema, SortBySchema } from '#shared/schemas/view'
import { useShortcut } from '~/composables/app/useShortcut'
import { useSidebar } from '~/composables/app/useSidebar'
import { useHelp } from '~/composables/help/useHelp'
import { useListActions } from '~/composables/todos/useListActions'
import { useSharedReplica } from '~/composables/todos/useReplica'
import { useListStore } from '~/stores/list'
import { useViewStore } from '~/stores/view'
import type { Then } from './then'

/** All that can be done; with the list on the screen only where there is one. */
export function usePaletteCommands(then: Then) {
  const { t } = useI18n()
  const replica = useSharedReplica()
  const actions = useListActions()
  const list = useListStore()
  const help = useHelp()
  const shortcut = useShortcut()
  const { isFolded, toggle } = useSidebar()
  const viewCommands = useViewCommands(then)

  return computed<CommandPaletteItem[]>(() => [
    {
      label: t('list.refresh'),
      icon: 'i-lucide-refresh-cw',
      kbds: ['r'],
      onSelect: then(() => replica.refresh().catch(() => replica.pull())),
    },
    { label: t('undo.button'), icon: 'i-lucide-undo-2', kbds: ['u'], onSelect: then(actions.undo) },
    {
      label: t(isFolded.value ? 'nav.unfold' : 'nav.fold'),
      icon: 'i-lucide-panel-left',
      kbds: [shortcut('B')],
      onSelect: then(toggle),
    },
    {
      label: t('help.keys'),
      icon: 'i-lucide-keyboard',
      kbds: ['?'],
      onSelect: then(() => (list.isKeysOpen = true)),
    },
    { label: t('help.open'), icon: 'i-lucide-circle-help', onSelect: then(() => (help.value = true)) },
    ...viewCommands.value,
  ])
}

/** What can be done with the view, as far as the screen leaves it to the person. */
function useViewCommands(then: Then) {
  const { t } = useI18n()
  const store = useViewStore()

  const showing = computed<CommandPaletteItem[]>(() => [
    {
      label: t(store.view.show === 'open' ? 'nothing.showDone' : 'palette.hideDone'),
      icon: 'i-lucide-eye',
      kbds: ['h'],
      onSelect: then(() => store.change({ show: store.view.show === 'open' ? 'all' : 'open' })),
    },
    {
      label: t('view.saved.save'),
      icon: 'i-lucide-bookmark',
      onSelect: then(() => (store.panel = 'save')),
    },
    {
      label: t('view.export.title'),
      icon: 'i-lucide-download',
      onSelect: then(() => (store.panel = 'more')),
    },
  ])
  const grouping = computed<CommandPaletteItem[]>(() =>
    GroupBySchema.options.map((group) => ({
      label: `${t('view.group')}: ${t(`view.groups.${group}`)}`,
      icon: 'i-lucide-rows-3',
      onSelect: then(() => store.change({ group })),
    })),
  )
  const sorting = computed<CommandPaletteItem[]>(() =>
    SortBySchema.options.map((sort) => ({
      label: `${t('view.sort')}: ${t(`view.sorts.${sort}`)}`,
      icon: 'i-lucide-arrow-down-narrow-wide',
      onSelect: then(() => store.change({ sort })),
    })),
  )

  return computed<CommandPaletteItem[]>(() => {
    const { scope } = store
    if (!scope) return []
    return [
      ...showing.value,
      ...(scope.view?.group ? [] : grouping.value),
      ...(scope.view?.sort ? [] : sorting.value),
    ]
  })
}
