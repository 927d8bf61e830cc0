import { called, loadCommand } from './called-command.ts'

/** The command that was called, alone: loading all of them takes longer than most of them take. */
const id = called.id!
export const COMMANDS: Record<string, unknown> = { [id]: await loadCommand(id) }
