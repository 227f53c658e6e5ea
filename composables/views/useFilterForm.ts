import type { DueCriterion, PersonReference, Reference, TodoState } from '#shared/todo/query/ast'
import { TODO_STATES } from '#shared/todo/query/ast'
import { PRIORITIES } from '#shared/todo/priority'
import { bindNames, showNames } from '#shared/todo/query/directory'
import { readDue, writeDue } from '#shared/todo/query/due-words'
import { formOf, queryOf, type FilterForm } from '#shared/todo/query/filter-form'
import { printQuery } from '#shared/todo/query/print'
import { useViewStore } from '~/stores/view'

/**
 * The filter dialog's fields, each a list of keys. They are read from the filter line and written back into it, so
 * that the two cannot say different things.
 */
export function useFilterForm() {
  const store = useViewStore()
  const form = computed(() => formOf(bindNames(store.parsed.query, store.directory)))

  function change(changes: Partial<FilterForm>): void {
    const query = queryOf({ ...form.value, ...changes })
    store.change({ query: printQuery(showNames(query, store.directory)) })
  }

  const states = computed<readonly string[]>({
    get: () => form.value.states,
    set: (keys) => change({ states: keys.filter((key): key is TodoState => isState(key)) }),
  })
  const databases = computed<readonly string[]>({
    get: () => form.value.databases.map(keyOf),
    set: (keys) => change({ databases: keys.map(referenceOf) }),
  })
  const people = computed<readonly string[]>({
    get: () => form.value.people.map((person) => (person.by === 'me' ? ME : keyOf(person))),
    set: (keys) => {
      change({ people: keys.map((key): PersonReference => (key === ME ? { by: 'me' } : referenceOf(key))) })
    },
  })
  const tags = computed<readonly string[]>({
    get: () => form.value.tags,
    set: (keys) => change({ tags: [...keys] }),
  })
  const due = computed<readonly string[]>({
    get: () => form.value.due.map(writeDue),
    set: (keys) => change({ due: keys.flatMap((key): DueCriterion[] => [readDue(key) ?? []].flat()) }),
  })

  const priorities = computed<readonly string[]>({
    get: () => form.value.priorities,
    set: (keys) => change({ priorities: PRIORITIES.filter((priority) => keys.includes(priority)) }),
  })

  return { states, databases, people, tags, due, priorities }
}

/** The key of "me" among people: no id of Notion's looks like it. */
export const ME = '@me'
/** What is known by name alone: no id begins like it. */
const BY_NAME = 'name:'

function keyOf(reference: Reference): string {
  return reference.by === 'id' ? reference.id : BY_NAME + reference.name
}

function referenceOf(key: string): Reference {
  return key.startsWith(BY_NAME) ? { by: 'name', name: key.slice(BY_NAME.length) } : { by: 'id', id: key }
}

function isState(key: string): key is TodoState {
  return TODO_STATES.some((state) => state === key)
}
