/** What belongs to one build, as the worker has to know it. */
export interface KeptBuild {
  id: string
  /** The page that is shown where the server cannot be reached. */
  shell: string
  /** What the interface says, in each language. */
  messages: string[]
  /** Path and Subresource Integrity of every file. */
  files: [path: string, integrity: string][]
}
