/**
 * Tries every form in a folder: does it load, can it be filled with valid answers, does it submit? Prints how many do,
 * and why the rest do not, grouped. `pnpm forms FOLDER [--json]`. Forms of others are not kept in this repository.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { checkForm, openForm, readFormFile } from '../../src/form/index.ts'
import { fillWithAnything } from './answers.ts'
import { attachmentsFor } from './attachments.ts'

type Outcome = {
  readonly file: string
  readonly kind: 'xform' | 'xlsform'
  /** How far it came. */
  readonly stage: 'no-form' | 'not-compiled' | 'not-loaded' | 'not-filled' | 'submitted'
  readonly reason: string | null
  readonly questions: number
  readonly ms: number
}

const [folder, flag] = process.argv.slice(2)
if (!folder) {
  process.stderr.write('pnpm forms FOLDER [--json]\n')
  process.exit(2)
}
const files = globSync('**/*.{xml,xlsx}', { cwd: folder }).sort()
const outcomes: Outcome[] = []
for (const file of files) {
  const from = process.cpuUsage()
  const outcome = await tryForm(join(folder, file))
  if (!outcome) continue
  const { user, system } = process.cpuUsage(from)
  outcomes.push({
    ...outcome,
    file: relative('.', join(folder, file)),
    ms: Math.round((user + system) / 1000),
  })
  if (outcomes.length % 25 === 0) process.stderr.write(`${outcomes.length}…\n`)
}
if (flag === '--json') process.stdout.write(`${JSON.stringify({ outcomes }, null, 2)}\n`)
else process.stdout.write(`${report(outcomes)}\n`)
process.exit(0)

async function tryForm(path: string): Promise<Omit<Outcome, 'file' | 'ms'> | null> {
  const bytes = readFileSync(path)
  const isWorkbook = extname(path) === '.xlsx'
  if (!isWorkbook && !/http:\/\/www\.w3\.org\/2002\/xforms/.test(bytes.toString('utf8'))) return null
  const kind = isWorkbook ? 'xlsform' : 'xform'
  const end = (stage: Outcome['stage'], reason: string | null, questions = 0) =>
    ({ kind, stage, reason, questions }) as const
  const read = await readFormFile(bytes, basename(path, extname(path)))
  if (!read.ok) return end('not-compiled', read.problem.type)
  const { xml, workbook } = read.value
  if (xml === null) {
    const fault = workbook!.faults.find(({ blocking }) => blocking)!
    return end('not-compiled', `${fault.type} ${fault.about ?? ''}`)
  }
  const text = xml.replace(/^\ufeff/, '')
  const attachments = attachmentsFor(text, dirname(path))
  try {
    const opened = await openForm(text, { attachments })
    if (!opened.ok) {
      if (opened.problem.type === 'form-not-xform' || opened.problem.type === 'form-not-xml')
        return end('no-form', `${opened.problem.type}: ${opened.problem.reason}`)
      const { problems } = await checkForm(text, { attachments })
      const said = problems.find(({ blocking, type }) => blocking && type === 'function-unknown')
      return end('not-loaded', said ? `function ${said.about}` : opened.problem.reason)
    }
    const session = opened.value
    try {
      const left = fillWithAnything(session)
      const questions = session.questions({ all: true }).length
      if (left.length > 0) return end('not-filled', `${left[0]!.type}: ${left[0]!.reason}`, questions)
      return session.submission().includes('<')
        ? end('submitted', null, questions)
        : end('not-filled', 'empty', questions)
    } finally {
      session.close()
    }
  } catch (cause) {
    return end('not-loaded', `threw: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function report(all: readonly Outcome[]): string {
  const lines: string[] = []
  for (const kind of ['xform', 'xlsform'] as const) {
    const of = all.filter((one) => one.kind === kind && one.stage !== 'no-form')
    if (of.length === 0) continue
    const at = (...stages: Outcome['stage'][]) => of.filter(({ stage }) => stages.includes(stage)).length
    const times = of.map(({ ms }) => ms).sort((a, b) => a - b)
    lines.push(
      `${kind}: ${of.length} forms` +
        (kind === 'xlsform' ? `, ${of.length - at('not-compiled')} compile` : '') +
        `, ${at('not-filled', 'submitted')} load, ${at('submitted')} are filled and submit; ` +
        `median ${times[times.length >> 1]} ms of CPU`,
    )
    for (const stage of ['not-compiled', 'not-loaded', 'not-filled'] as const) {
      const reasons = new Map<string, string[]>()
      for (const { reason, file, stage: at } of of)
        if (at === stage) {
          const key = (reason ?? '').replaceAll(/\s+/g, ' ').slice(0, 110)
          reasons.set(key, [...(reasons.get(key) ?? []), file])
        }
      if (reasons.size > 0) lines.push(`  ${stage}`)
      for (const [reason, named] of [...reasons].sort((a, b) => b[1].length - a[1].length))
        lines.push(`    ${String(named.length).padStart(3)}  ${reason}   (${basename(named[0]!)})`)
    }
  }
  const none = all.filter(({ stage }) => stage === 'no-form').length
  if (none > 0) lines.push(`${none} more files are no forms`)
  return lines.join('\n')
}
