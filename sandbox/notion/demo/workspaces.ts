import type { WorkspaceSeed } from '../seed-format.ts'
import { BlockBuilder, cell, words } from '../seed-builders.ts'
import { seededId } from '../ids.ts'

/** The workspaces a fresh sandbox starts with; dates are laid around `today`. */
export function demoWorkspaces(today: Date): WorkspaceSeed[] {
  const ada = { id: seededId('user:ada'), name: 'Ada Brandt', email: 'ada@acme.example' }
  const times = {
    created_time: today.toISOString(),
    last_edited_time: today.toISOString(),
    created_by: ada.id,
    last_edited_by: ada.id,
  }
  const blocks = new BlockBuilder('demo:first')
  return [
    {
      id: seededId('workspace:acme'),
      name: 'Acme',
      icon: '🏡',
      plan: 'business',
      users: [ada],
      tokens: [{ token: 'ntn_sandbox_internal_acme', kind: 'internal' }],
      databases: [
        {
          id: seededId('db:tasks'),
          parent: { type: 'workspace' },
          title: words('Tasks'),
          icon: { type: 'emoji', emoji: '✅' },
          ...times,
          data_sources: [
            {
              id: seededId('ds:tasks'),
              title: words('Tasks'),
              properties: [
                { type: 'title', id: 'title', name: 'Name' },
                { type: 'checkbox', id: 'dOne', name: 'Done' },
              ],
            },
          ],
        },
      ],
      pages: [
        {
          id: seededId('page:first'),
          parent: { type: 'data_source_id', data_source_id: seededId('ds:tasks') },
          properties: { Name: cell.title('Plan the garden party'), Done: cell.checkbox(false) },
          blocks: [
            blocks.heading(2, 'Before'),
            blocks.todo('Send invitations', [blocks.done('Find everybody’s address')]),
            blocks.toggle('Food', [blocks.todo('Order bread'), blocks.todo('Make lemonade')]),
          ],
          ...times,
        },
      ],
    },
  ]
}
