/**
 * Workspaces for tests: written by hand (`simpleWorkspace` and the builders), or generated
 * (`workspaceArbitrary`), with what a reader has to find in them (`expectedTodos`).
 */
export { expectedTodos, expectedTodosOnPage, readablePageIds } from './notion/expected-todos.ts'
export { workspaceArbitrary } from './notion/workspace-arbitrary.ts'
export { simpleWorkspace, type SimpleWorkspace } from './notion/simple-workspace.ts'
export { seededId } from '../../sandbox/notion/ids.ts'
export * from '../../sandbox/notion/seed-builders.ts'
export type { WorkspaceSeed } from '../../sandbox/notion/seed-format.ts'
