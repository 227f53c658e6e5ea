import type {
  Clause,
  Day,
  DueCriterion,
  Expression,
  PersonReference,
  Reference,
} from '#shared/todo/query/ast'
import { showNames, type Named } from '#shared/todo/query/directory'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import type { Suggestion } from '#shared/todo/query/suggest'
import { useRegion } from '~/composables/time/useRegion'
import { useViewStore } from '~/stores/view'

/** Criteria in the reader's words: "Database: Meetings", "Date: before 24 Dec". */
export function useQueryText() {
  const { t } = useI18n()
  const store = useViewStore()
  const region = useRegion()

  /** A part of a query as a chip says it. What has no short words is shown as it is typed. */
  function expressionText(expression: Expression): string {
    switch (expression.type) {
      case 'not':
        return t('view.chip.not', { what: expressionText(expression.of) })
      case 'or': {
        const [first] = expression.of
        const isOneKind = expression.of.every(
          ({ type }) => type === first?.type && type !== 'and' && type !== 'not',
        )
        if (!first || !isOneKind) return typed(expression)
        const values = expression.of.map((part) => (isClause(part) ? valueText(part) : typed(part)))
        return t(`view.chip.${kindOf(first)}`, { value: values.join(t('view.chip.or')) })
      }
      case 'and':
        return typed(expression)
      default:
        return clauseText(expression)
    }
  }

  function clauseText(clause: Clause): string {
    return t(`view.chip.${clause.type}`, { value: valueText(clause) })
  }

  function valueText(clause: Clause): string {
    switch (clause.type) {
      case 'text':
      case 'page':
      case 'heading':
        return clause.text
      case 'is':
        return t(`view.state.${clause.state}`)
      case 'in':
        return nameOf(clause.database, store.directory.databases)
      case 'workspace':
        return nameOf(clause.workspace, store.directory.workspaces)
      case 'person':
        return personText(clause.person)
      case 'tag':
        return clause.tag
      case 'due':
        return dueText(clause.due)
      case 'priority':
        return t(`view.priority.${clause.priority}`)
    }
  }

  function personText(person: PersonReference): string {
    if (person.by === 'me') return t('view.me')
    return nameOf(person, store.directory.people, t('person.unnamed'))
  }

  function dueText(due: DueCriterion): string {
    switch (due.when) {
      case 'any':
      case 'none':
      case 'overdue':
      case 'week':
        return t(`view.due.${due.when}`)
      case 'between':
        return t('view.due.between', { first: dayText(due.first), last: dayText(due.last) })
      default:
        return t(`view.due.${due.when}`, { day: dayText(due.day) })
    }
  }

  function dayText(day: Day): string {
    if ('offset' in day) {
      return new Intl.RelativeTimeFormat(region.value, { numeric: 'auto' }).format(day.offset, 'day')
    }
    const format = new Intl.DateTimeFormat(region.value, { dateStyle: 'medium', timeZone: 'UTC' })
    return format.format(new Date(`${day.date}T00:00:00Z`))
  }

  function nameOf(reference: Reference, entries: readonly Named[], nameless = t('view.unknown')): string {
    if (reference.by === 'name') return reference.name
    const entry = entries.find(({ id }) => id === reference.id)
    return entry ? entry.name.trim() || nameless : t('view.unknown')
  }

  function typed(expression: Expression): string {
    return printQuery(showNames(expression, store.directory))
  }

  /** A suggestion: what will stand in the line, and what that means; an id is told by its name. */
  function suggestionText({ kind, text }: Suggestion): { name: string; hint: string } {
    if (kind === 'field') return { name: text, hint: t(`view.field.${text.slice(0, -1)}`) }
    const { query } = parseQuery(text, QUERY_MAX_LENGTH)
    return { name: text, hint: query ? expressionText(query) : '' }
  }

  return { expressionText, clauseText, valueText, dueText, suggestionText }
}

function isClause(expression: Expression): expression is Clause {
  return expression.type !== 'and' && expression.type !== 'or' && expression.type !== 'not'
}

function kindOf(expression: Expression): Clause['type'] {
  return isClause(expression) ? expression.type : 'text'
}
