import { emitKeypressEvents } from 'node:readline'
import { createInterface } from 'node:readline/promises'
import { CommandFailure } from '../command-failure.ts'
import { type Language, say, type Words } from './language.ts'

type Key = { name?: string; ctrl?: boolean; sequence?: string }

/** Asks for a passphrase without showing it; twice when a home is being made. */
export async function askPassphrase(language: Language, purpose: 'open' | 'create'): Promise<string> {
  const first = await readHidden(say(language, ['口令:', 'Passphrase: ']))
  if (purpose === 'open') return first
  const again = await readHidden(say(language, ['再输一遍:', 'Again: ']))
  if (first !== again) throw new CommandFailure({ type: 'passphrase-differs' })
  return first
}

/** Goes on only when the word is typed; anything else, or Ctrl-C, ends the command with nothing done. */
export async function askWord(language: Language, word: Words): Promise<void> {
  const asked = createInterface({ input: process.stdin, output: process.stderr })
  const stopped = new AbortController()
  asked.once('SIGINT', () => stopped.abort())
  asked.once('close', () => stopped.abort())
  try {
    const wanted = say(language, word)
    const typed = await asked.question(
      say(language, [`输入“${wanted}”确认:`, `Type "${wanted}" to go on: `]),
      {
        signal: stopped.signal,
      },
    )
    if (typed.trim() !== wanted) throw new CommandFailure({ type: 'interrupted' })
  } catch (error) {
    if (stopped.signal.aborted) throw new CommandFailure({ type: 'interrupted' })
    throw error
  } finally {
    asked.close()
  }
}

function readHidden(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(prompt)
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.resume()
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
      } else if (key.name === 'backspace') text = [...text].slice(0, -1).join('')
      else if (typed && !key.ctrl) text += typed
    }
    stdin.on('keypress', onKey)
  })
}
