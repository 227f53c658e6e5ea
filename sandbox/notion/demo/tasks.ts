import { seededId } from '../ids.ts'
import type { BlockBuilder } from '../block-builder.ts'
import {
  type BlockSeed,
  cell,
  type DatabaseSeed,
  options,
  type PageSeed,
  person,
  text,
  words,
} from '../seed-builders.ts'
import { type Calendar, PEOPLE, rowWriter } from './setting.ts'

const { ada, ben, chiara, deniz } = PEOPLE

/** Tasks: every row is something to do, ticked in its `Done` column; some have to-dos inside as well. */
export function tasksDatabase(calendar: Calendar): DatabaseSeed {
  return {
    id: seededId('db:tasks'),
    parent: { type: 'workspace' },
    title: words('Tasks'),
    icon: { type: 'external', external: { url: 'https://www.notion.so/icons/checkmark-square_green.svg' } },
    ...calendar.touched(0, ben),
    data_sources: [
      {
        id: seededId('ds:tasks'),
        title: words('Tasks'),
        properties: [
          { type: 'title', id: 'title', name: 'Task' },
          { type: 'checkbox', id: 'tDon', name: 'Done' },
          { type: 'date', id: 'tDue', name: 'Due' },
          { type: 'people', id: 'tWho', name: 'Assignee' },
          {
            type: 'select',
            id: 'tPri',
            name: 'Priority',
            options: options(['High', 'red'], ['Low', 'gray']),
          },
          { type: 'relation', id: 'tPro', name: 'Project', data_source_id: seededId('ds:projects') },
          { type: 'unique_id', id: 'tNum', name: 'No.', prefix: 'BUN' },
          {
            type: 'multi_select',
            id: 'tTag',
            name: 'Tags',
            options: options(['shop', 'blue'], ['phone', 'pink']),
          },
          { type: 'last_edited_time', id: 'tEdi', name: 'Edited' },
        ],
      },
    ],
  }
}

interface Task {
  title: string
  due?: number
  done?: boolean
  who?: { id: string }[]
  high?: boolean
  project?: string
  tags?: string[]
  blocks?: (b: BlockBuilder) => BlockSeed[]
}

const TASKS: Task[] = [
  { title: 'Order butter', due: 0, who: [ben], high: true, tags: ['phone'] },
  { title: 'Repair the shop door', due: -3, who: [deniz], high: true, tags: ['shop'] },
  {
    title: 'Prepare the tasting',
    due: 1,
    who: [ada, chiara],
    project: 'market',
    blocks: (b) => [
      b.todo('Buy napkins'),
      b.todo('Cut the bread', [b.todo('Sharpen the knife first')]),
      b.done('Write the cards'),
    ],
  },
  { title: 'Update the allergen list', due: 7, who: [chiara], tags: ['shop'] },
  { title: 'Send the offer to Café Lindenhof', due: 2, who: [ada], high: true },
  { title: 'Renew the hygiene certificate', due: 30, done: true, who: [ben] },
  { title: 'Choose colours for the new shop', who: [chiara, deniz], project: 'shop' },
  {
    title: 'Plan the Christmas shifts',
    due: 14,
    who: [ada],
    blocks: (b) => [
      b.paragraph('Everybody gets at least two days off in a row.'),
      b.toggle('Wishes', [
        b.todo([person(ben), text(': not on the 24th')]),
        b.todo([person(chiara), text(': first week of January')]),
      ]),
      b.todo('Hang up the plan'),
    ],
  },
  { title: 'Order paper bags', due: -1, done: true, who: [deniz] },
  { title: 'Kühlhaus abtauen', due: 5, who: [ben] },
  { title: 'Order butter', due: 14, who: [ben] },
  {
    title: 'Write the newsletter',
    due: 4,
    project: 'website',
    blocks: (b) => [
      b.heading(2, 'Checklist', [
        b.todo('Headline'),
        b.todo('Photograph'),
        b.todo('Proofread by somebody else'),
      ]),
      b.todo('Send'),
    ],
  },
  { title: 'Throw away the old mixer', done: true },
  { title: '', due: 3 },
]

export function taskPages(calendar: Calendar): PageSeed[] {
  const row = rowWriter('tasks', calendar)
  return TASKS.map((task, index) =>
    row(`task:${index + 1}`, {
      properties: {
        Task: cell.title(task.title),
        Done: cell.checkbox(task.done ?? false),
        Due: cell.date(task.due === undefined ? null : calendar.day(task.due)),
        Assignee: cell.people((task.who ?? []).map(({ id }) => id)),
        Priority: cell.select(task.high ? 'High' : null),
        Project: cell.relation(task.project === undefined ? [] : [seededId(`page:project:${task.project}`)]),
        'No.': cell.uniqueId(index + 1),
        Tags: cell.multiSelect(task.tags ?? []),
      },
      daysAgo: index % 6,
      ...(task.blocks ? { blocks: task.blocks } : {}),
    }),
  )
}
