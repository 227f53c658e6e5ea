import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBrowser } from './ensure-browser.ts'
import { ensureBuild } from './ensure-build.ts'

/**
 * `npm test`: every suite, then the sum of what the runners themselves reported. Three at a time: most of what is not the
 * browser's waits a good deal, for budgets, restarts and time-outs.
 */

const ROOT = join(import.meta.dirname, '..')
/** The longest first, so that none of them is left over at the end. */
const SUITES = ['e2e', 'installation', 'server', 'db', 'nuxt', 'contract', 'unit'] as const
const AT_A_TIME = 3

type Suite = (typeof SUITES)[number]

interface Outcome {
  suite: Suite
  passed: number
  failed: number
  skipped: number
}

async function main(): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), 'roundup-reports-'))
  try {
    const chromium = ensureBrowser()
    ensureBuild()
    const waiting = SUITES.values()
    const outcomes: Outcome[] = []
    const row = async () => {
      for (const suite of waiting) {
        const file = join(reports, `${suite}.json`)
        outcomes.push(await (suite === 'e2e' ? runPlaywright(file, chromium) : runVitest(suite, file)))
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, row))
    report(outcomes)
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

async function runVitest(project: Suite, file: string): Promise<Outcome> {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${file}`]
  // These share one installation per run, and steer its stand-ins; or bring one each, and would make the machine wait.
  const alone = ['server', 'installation', 'db', 'contract'].includes(project)
    ? ['--no-file-parallelism']
    : []
  const status = await run(project, ['vitest', ...args, ...alone])
  const result = readReport(file)
  const passed = count(result, 'numPassedTests')
  const skipped = count(result, 'numPendingTests') + count(result, 'numTodoTests')
  const failed = count(result, 'numFailedTests')
  // A file that does not even load, or an error outside any test, fails the run without failing a test.
  return { suite: project, passed, failed: status === 0 ? failed : Math.max(1, failed), skipped }
}

async function runPlaywright(file: string, chromium: string): Promise<Outcome> {
  const status = await run('e2e', ['playwright', 'test', '--reporter=list,json'], {
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

/** Runs a suite and prints what it says, each line with its name. */
function run(
  suite: Suite,
  [program = '', ...args]: readonly string[],
  extra: Record<string, string> = {},
): Promise<number | null> {
  const child = spawn('npx', [program, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...extra },
  })
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => console.log(`${suite} | ${line}`))
  }
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
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

await main()
