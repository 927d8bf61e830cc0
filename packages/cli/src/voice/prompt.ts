import { emitKeypressEvents } from 'node:readline'
import stringWidth from 'string-width'
import { CommandFailure } from '../command-failure.ts'
import { type Language, say, type Words } from './language.ts'

type Key = { name?: string; ctrl?: boolean; sequence?: string }

/** Asks for a passphrase without showing it; twice when it is being chosen. */
export async function askPassphrase(
  language: Language,
  purpose: 'open' | 'create' | 'change',
): Promise<string> {
  const first = await readHidden(
    say(language, purpose === 'change' ? ['新口令:', 'New passphrase: '] : ['口令:', 'Passphrase: ']),
  )
  if (purpose === 'open') return first
  const again = await readHidden(say(language, ['再输一遍:', 'Again: ']))
  if (first !== again) throw new CommandFailure({ type: 'passphrase-differs' })
  return first
}

/** A question that is answered by y or by anything else. */
export async function askYes(language: Language, question: Words): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^\s*(y|yes|是|对)\s*$/i.test(await reader.question(`${say(language, question)} (y/n) `))
  } finally {
    reader.close()
  }
}

/** Asks for something that may be seen. */
export const askText = (prompt: string): Promise<string> => readKeys(prompt, true)

const readHidden = (prompt: string): Promise<string> => readKeys(prompt, false)

function readKeys(prompt: string, isShown: boolean): Promise<string> {
  const { stdin, stderr } = process
  emitKeypressEvents(stdin)
  // Before the question is seen: a quick answer must not be echoed by the terminal.
  stdin.setRawMode(true)
  stderr.write(prompt)
  stdin.resume()
  // A screen that was shown before has let go of it.
  stdin.ref()
  return new Promise((resolve, reject) => {
    let text = ''
    const end = () => {
      stdin.off('keypress', onKey)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
    }
    const onKey = (typed: string | undefined, key: Key) => {
      if (key.ctrl && key.name === 'c') {
        end()
        reject(new CommandFailure({ type: 'interrupted' }))
      } else if (key.name === 'return' || key.name === 'enter') {
        end()
        resolve(text)
      } else if (key.name === 'backspace') {
        if (isShown) stderr.write('\b \b'.repeat(stringWidth([...text].at(-1) ?? '')))
        text = [...text].slice(0, -1).join('')
      } else if (typed && !key.ctrl) {
        text += typed
        if (isShown) stderr.write(typed)
      }
    }
    stdin.on('keypress', onKey)
  })
}
