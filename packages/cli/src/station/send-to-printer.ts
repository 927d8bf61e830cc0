import { spawnSync } from 'node:child_process'
import { fail, ok, type Problem, type Result } from '@doorstep/core'

export type PrinterProblem = Problem & { readonly type: 'no-printer' | 'printer-refused' }

/** CUPS first, then what BSD calls it: whichever is there. The file stays where it is. */
const PROGRAMS = ['lp', 'lpr']
const PATIENCE_MS = 15_000

export function sendToPrinter(file: string): Result<{ readonly program: string }, PrinterProblem> {
  for (const program of PROGRAMS) {
    const ran = spawnSync(program, [file], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (ran.error && 'code' in ran.error && ran.error.code === 'ENOENT') continue
    if (ran.status === 0) return ok({ program })
    const detail = (ran.stderr ?? '').trim().split('\n')[0] ?? ''
    return fail({ type: 'printer-refused', program, detail, file })
  }
  return fail({ type: 'no-printer', file })
}
