import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './ensure-browser.ts'
import { ensureBuild } from './ensure-build.ts'

/** `npm test`: every suite, one after the other, then the sum of what the runners themselves reported. */

const ROOT = join(import.meta.dirname, '..')
const VITEST_PROJECTS = ['unit', 'nuxt', 'contract', 'db', 'server']

interface Outcome {
  suite: string
  passed: number
  failed: number
  skipped: number
}

function main(): void {
  const reports = mkdtempSync(join(tmpdir(), 'roundup-reports-'))
  try {
    const chromium = ensureBrowser()
    ensureBuild()
    const outcomes = [
      ...VITEST_PROJECTS.map((project) => runVitest(project, join(reports, `${project}.json`))),
      runPlaywright(join(reports, 'e2e.json'), chromium),
    ]
    report(outcomes)
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

function runVitest(project: string, file: string): Outcome {
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
  ]
  // These share one installation per run, and steer its stand-ins.
  const alone = ['server', 'db', 'contract'].includes(project) ? ['--no-file-parallelism'] : []
  const { status } = run([...args, ...alone])
  const result = readReport(file)
  const passed = count(result, 'numPassedTests')
  const skipped = count(result, 'numPendingTests') + count(result, 'numTodoTests')
  const failed = count(result, 'numFailedTests')
  // A file that does not even load, or an error outside any test, fails the run without failing a test.
  return { suite: project, passed, failed: status === 0 ? failed : Math.max(1, failed), skipped }
}

function runPlaywright(file: string, chromium: string): Outcome {
  const { status } = run(['playwright', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    CHROMIUM_BIN: chromium,
  })
  const stats = readReport(file)?.stats
  // `flaky`: passed on its second try, which only CI allows.
  const passed = count(stats, 'expected') + count(stats, 'flaky')
  const failed = count(stats, 'unexpected')
  return {
    suite: 'e2e',
    passed,
    failed: status === 0 ? failed : Math.max(1, failed),
    skipped: count(stats, 'skipped'),
  }
}

function run([program = '', ...args]: string[], extra: Record<string, string> = {}) {
  return spawnSync('npx', [program, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...extra },
  })
}

function readReport(file: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function count(report: unknown, key: string): number {
  const value = isRecord(report) ? report[key] : undefined
  return typeof value === 'number' ? value : 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function report(outcomes: Outcome[]): void {
  const sum = (key: 'passed' | 'failed' | 'skipped') =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0)
  for (const { suite, passed, failed, skipped } of outcomes) {
    console.log(`${suite}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
}

main()
