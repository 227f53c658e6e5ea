import { clausesOf } from '#shared/todo/query/ast'
import type { Asked } from '#shared/todo/query/narrowing'
import { compileView, type ViewContext } from '#shared/todo/query/view-filter'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

/**
 * The current view as a question to ask of every to-do. `matches` is made anew when the view changes, when
 * something that it names changes, or (only if it asks about dates) when time goes on.
 *
 * `asked` is the same as what it names, to be held against another question (`narrows`).
 * `problem` is the first thing in the filter line that is not understood: it asks for nothing, and the rest of
 * the line filters all the same. What is still being typed is no problem yet.
 */
export function useViewFilter() {
  const view = useViewStore()
  const todos = useTodosStore()
  const now = useClock()
  const timeZone = useTimeZone()

  // Read by what needs them, so that nothing else depends on them.
  const context = computed<ViewContext>(() => ({
    get now() {
      return now.value
    },
    timeZone,
    get directory() {
      return view.directory
    },
    get rules() {
      return view.rules
    },
    lingering: todos.lingering,
  }))
  const asksForWaiting = computed(() =>
    clausesOf(view.parsed.query).some((clause) => clause.type === 'is' && clause.state === 'waiting'),
  )
  const matches = computed<(todo: ShownTodo) => boolean>(() => {
    // The list of to-dos stays the same when a tick arrives (see the store); what is still waiting does not.
    if (asksForWaiting.value) void todos.unsaved
    return compileView(view.parsed.query, view.view.show, context.value)
  })
  const asked = computed<Asked>(() => ({
    query: view.parsed.query,
    show: view.view.show,
    rules: view.rules,
    lingering: todos.lingering,
  }))
  const problem = computed(() => view.parsed.problems.find(({ unfinished }) => !unfinished) ?? null)

  return { matches, asked, problem, context }
}
