import type { LogFields } from './log.ts'

/** What was thrown, for a log: its class and its place in our own sources. Its message may hold anything, so it stays out. */
export function broke(error: unknown): Required<Pick<LogFields, 'where' | 'problem'>> {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const [, where = ''] = /\(?(?:file:\/\/)?(?:[^()\s]*\/)?([\w.-]+:\d+):\d+\)?\s*$/m.exec(stack) ?? []
  const { code } = error as NodeJS.ErrnoException
  return { where, problem: { type: error instanceof Error ? error.name : 'unknown', code } }
}
