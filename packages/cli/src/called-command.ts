import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WORD = /^[a-z-]+$/

/** Where a command lies, from source and built. */
export const fileOf = (id: string): URL =>
  new URL(
    `./commands/${id.replaceAll(':', '/')}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
    import.meta.url,
  )

/** The command that these words begin with, by its id; undefined for a topic, help, or what is no command. */
export function calledCommand([topic = '', name = '']: readonly string[]): string | undefined {
  if (!WORD.test(topic)) return undefined
  const ids = WORD.test(name) ? [`${topic}:${name}`, topic] : [topic]
  return ids.find((id) => existsSync(fileURLToPath(fileOf(id))))
}

/** For `one-command.ts`, which oclif loads by its name. */
export const called: { id: string | undefined } = { id: undefined }

/** The command alone, as its file has it. */
export const loadCommand = async (id: string): Promise<unknown> =>
  ((await import(fileOf(id).href)) as { default: unknown }).default

/** Of every command that lies beside this file. */
export function idsOfCommands(): readonly string[] {
  const end = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const folder = fileURLToPath(new URL('./commands/', import.meta.url))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end) && !/\.(test|d)\./.test(file))
    .map((file) => file.slice(0, -end.length).replaceAll(/[\\/]/g, ':'))
    .sort()
}
