/**
 * What the gateway writes down of its own running. A log is copied into tickets and onto sticks, so nothing of a home
 * can be in it: a line is one of the events below with fields of fixed kinds, and a problem is told by its type alone,
 * never by its details (which may hold a meter's number).
 */
import type { Problem } from '@doorstep/core'
import pino, { type Logger } from 'pino'
import { eventWords, type GatewayEvent } from '../voice/gateway-events.ts'
import { type Language, say } from '../voice/language.ts'

export type LogFields = {
  /** A name from the configuration: letters, digits, `-`. */
  readonly source?: string
  readonly problem?: Problem
  /** Of this machine's own listeners and of nothing else. */
  readonly listening?: string
  readonly ms?: number
  readonly count?: number
  readonly counts?: Readonly<Record<string, number>>
  readonly version?: string
  readonly faults?: number
  readonly line?: number
  readonly column?: number
  /** Of a configuration: `lines[0].every`, and the rule that it breaks. */
  readonly path?: string
  readonly rule?: string
  /** Of our own sources: `daemon.js:120`. */
  readonly where?: string
}

export type GatewayLog = Readonly<
  Record<'debug' | 'info' | 'warn' | 'error', (event: GatewayEvent, fields?: LogFields) => void>
> & { setLevel(level: string): void }

export type LogOptions = {
  readonly level: string
  /** `auto`: for people on a terminal, JSON for journald. */
  readonly form: 'auto' | 'json' | 'pretty'
  readonly language: Language
  readonly out?: { write(line: string): void }
}

export function openLog({ level, form, language, out }: LogOptions): GatewayLog {
  const isPretty = form === 'pretty' || (form === 'auto' && process.stdout.isTTY === true)
  const raw = out ?? { write: (line: string) => void process.stdout.write(line) }
  const stream = isPretty ? { write: (line: string) => raw.write(prettyLine(line)) } : raw
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    stream,
  )
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (event: GatewayEvent, fields: LogFields = {}) =>
      write(logger, name, event, say(language, eventWords[event]), fields)
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    setLevel: (next) => {
      logger.level = next
    },
  }
}

function write(
  logger: Logger,
  level: 'debug' | 'info' | 'warn' | 'error',
  event: GatewayEvent,
  message: string,
  { problem, ...fields }: LogFields,
): void {
  logger[level]({ event, ...fields, ...(problem ? problemFields(problem) : {}) }, message)
}

/** An errno or a word of ours; whatever else a detail holds stays out. */
function problemFields(problem: Problem): Record<string, string> {
  const { type, code } = problem
  return {
    problem: type,
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? { code } : {}),
  }
}

const BADGES: Readonly<Record<string, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' }

function prettyLine(line: string): string {
  const { level, time, message, event: _, ...rest } = JSON.parse(line) as Record<string, unknown>
  const more = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  )
  return `${String(time).slice(11, 19)} ${BADGES[String(level)] ?? ' '} ${[message, ...more].join(' ')}\n`
}
