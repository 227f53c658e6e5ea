/** What a person is called here: Notion does not tell the names of all. */
export function usePersonName(): (person: { name: string }) => string {
  const { t } = useI18n()
  return ({ name }) => name.trim() || t('person.unnamed')
}
