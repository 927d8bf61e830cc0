import { called, fileOf } from './called-command.ts'

/** The command that was called, alone: loading all of them takes longer than most of them take. */
const id = called.id!
const { default: command } = (await import(fileOf(id).href)) as { default: unknown }

export const COMMANDS: Record<string, unknown> = { [id]: command }
