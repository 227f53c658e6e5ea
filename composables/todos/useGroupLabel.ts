import type { Icon } from '#shared/schemas/database'
import type { Group } from '#shared/todo/arrange-groups'
import { safeHref } from '#shared/todo/rich-text'
import { useLibraryStore } from '~/stores/library'
import { usePersonName } from './usePersonName'

export interface GroupLabel {
  text: string
  /** What people chose in Notion; else `fallback`, a lucide name. */
  icon: Icon | null
  fallback: string
  /** In Notion. */
  href: string | undefined
}

/** What a group is called, in the reader's language. */
export function useGroupLabel(): (group: Group) => GroupLabel {
  const { t } = useI18n()
  const library = useLibraryStore()
  const personName = usePersonName()

  return (group) => {
    const plain = (text: string, fallback: string): GroupLabel => ({
      text,
      icon: null,
      fallback,
      href: undefined,
    })
    switch (group.by) {
      case 'page':
        return {
          text: group.page.title.trim() || t('page.untitled'),
          icon: group.page.icon,
          fallback: 'i-lucide-file-text',
          href: safeHref(group.page.url),
        }
      case 'database': {
        const database = library.databaseById.get(group.databaseId)
        const text = database?.name.trim() || t('database.untitled')
        const href = safeHref(database?.url)
        return { text, icon: database?.icon ?? null, fallback: 'i-lucide-database', href }
      }
      case 'workspace':
        return plain(group.name || t('workspace.unnamed'), 'i-lucide-building-2')
      case 'heading':
        return plain(group.headings.join(' › ') || t('group.noHeading'), 'i-lucide-heading')
      case 'due':
        return plain(t(`group.due.${group.bucket}`), 'i-lucide-calendar')
      case 'person':
        return plain(group.person ? personName(group.person) : t('group.nobody'), 'i-lucide-user')
      case 'tag':
        return plain(group.tag ?? t('group.noTag'), 'i-lucide-tag')
      case 'state':
        return plain(t(`group.state.${group.state}`), 'i-lucide-circle-dot')
    }
  }
}
