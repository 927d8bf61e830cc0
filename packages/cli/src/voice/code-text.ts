import type { Problem } from '@doorstep/core'
import { type CodeEnd, groupedCode, MAX_WRONG_PROOFS } from '@doorstep/sync'
import type { HeldCode } from '../station/hold-code.ts'
import type { Words } from './language.ts'
import { cut } from './table.ts'

/** In terminal columns: the lines below a QR code stay lines of 80. */
const NAME_WIDTH = 10

/** The two lines below a QR code: what to say to the newcomer, and what to type on the new machine. */
export function codeLines({ held, addresses }: HeldCode, name: string, minutes: number): readonly Words[] {
  const code = groupedCode(held.code)
  const who = cut(name, NAME_WIDTH)
  const at = addresses[0] ?? `HOST:${held.listening.port}`
  return [
    [
      `加入码 ${code},${minutes} 分钟内有效,只给${who}。Ctrl-C 撤回`,
      `Code ${code}, for ${minutes} min, for ${who} alone. Ctrl-C withdraws`,
    ],
    [
      `新机器上:doorstep member join --code - --peer ${at}`,
      `New machine: doorstep member join --code - --peer ${at}`,
    ],
  ]
}

export const wrongCodeWords = (remote: string, left: number): Words => [
  `有人从 ${remote} 试了一个错的加入码;共 ${MAX_WRONG_PROOFS} 次,还剩 ${left} 次。`,
  `Somebody at ${remote} tried a wrong code; ${left} of ${MAX_WRONG_PROOFS} tries left.`,
]

/** What became of a code that let nobody in, or let somebody in and lost them. */
export function endProblem(end: CodeEnd): Problem | null {
  switch (end.type) {
    case 'joined':
      return null
    case 'joined-unfinished':
      return { type: 'joined-unfinished', station: end.station }
    case 'expired':
      return { type: 'code-expired' }
    case 'guessed':
      return { type: 'code-guessed' }
    case 'withdrawn':
      return { type: 'code-withdrawn' }
  }
}
