import { setTimeout as pause } from 'node:timers/promises'
import { type Language, say } from './language.ts'

/** Waits, showing the seconds left on the terminal. Ctrl-C ends the program, in a workstation that is opening too. */
export async function waitShowing(seconds: number, language: Language): Promise<void> {
  const { stdin, stderr } = process
  const wasRaw = stdin.isRaw
  if (wasRaw) stdin.setRawMode(false)
  for (let left = Math.ceil(seconds); left > 0; left--) {
    stderr.write(
      `\r\u001b[K${say(language, [`口令错过几次,请等 ${left} 秒`, `Wrong passphrases before: ${left} s to wait`])}`,
    )
    await pause(1000)
  }
  stderr.write('\r\u001b[K')
  if (wasRaw) stdin.setRawMode(true)
}
