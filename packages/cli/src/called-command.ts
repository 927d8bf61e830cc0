import { existsSync } from 'node:fs'
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
