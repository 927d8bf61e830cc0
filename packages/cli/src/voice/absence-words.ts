import type { Absence, PartOfDay } from '@doorstep/core'
import type { Words } from './language.ts'

const PARTS: Readonly<Record<PartOfDay, Words>> = {
  morning: ['上午', 'morning'],
  afternoon: ['下午', 'afternoon'],
  evening: ['晚上', 'evening'],
}

/** What comes next, and how far that is: `问邻居(2/4)`. */
export function absenceWords({ next, of, tried }: Absence): Words {
  if (!next) return ['各步都做过了', 'every step was taken']
  const [zh, en] = stepWords(next.step, tried)
  return [`${zh}(${next.at}/${of})`, `${en} (${next.at} of ${of})`]
}

function stepWords(step: NonNullable<Absence['next']>['step'], tried: readonly PartOfDay[]): Words {
  switch (step) {
    case 'again': {
      const other = (['evening', 'morning', 'afternoon'] as const).find((part) => !tried.includes(part))
      return tried.length === 0 || !other
        ? ['再去一次', 'knock again']
        : [`${PARTS[other][0]}再去一次`, `knock again, in the ${PARTS[other][1]}`]
    }
    case 'neighbour':
      return ['问邻居', 'ask a neighbour']
    case 'emergency':
      return ['打紧急联系人', 'call the emergency contact']
    case 'case':
      return ['开案', 'open a case']
  }
}
