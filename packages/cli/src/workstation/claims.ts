import type { Words } from '../voice/language.ts'
import type { Board, DoorRow } from './facts.ts'

/** What the screens say of claims. */

export const isMine = (door: DoorRow): boolean => door.claims.some(({ mine }) => mine)

/** Names of those colleagues who have claimed a door, each once. */
export const othersAt = ({ claims }: Pick<DoorRow, 'claims'>): readonly string[] => [
  ...new Set(claims.flatMap(({ mine, by }) => (mine ? [] : [by]))),
]

/** Claimed by this member and by somebody else. */
export const isMyDouble = ({ claims }: DoorRow): boolean => claims.some(({ mine, double }) => mine && double)

/** Names a double claim until one of its claims changes: what was seen is not told again, what is new is. */
export const doubleKey = (door: DoorRow): string =>
  `${door.id} ${door.claims
    .filter(({ mine }) => !mine)
    .map(({ claim }) => claim)
    .sort()
    .join(' ')}`

export const myDoubles = (board: Board | null): readonly DoorRow[] => board?.doors.filter(isMyDouble) ?? []

/** In a list: who has claimed it, in a few words. */
export function claimWords(door: DoorRow): Words | null {
  if (door.claims.length === 0) return null
  const others = othersAt(door)
  const [zh, en] = [others.join('、'), others.join(', ')]
  const isDouble = door.claims.some(({ double }) => double)
  if (isMine(door))
    return others.length === 0
      ? ['我认领', 'mine']
      : isDouble
        ? [`和${zh}双认领`, `mine and ${en}’s`]
        : [`我和${zh}认领`, `mine, and ${en}`]
  return isDouble ? [`${zh} 双认领`, `both ${en}`] : [`${zh} 认领`, `${en} goes`]
}

/** Told on every screen until it is seen; in short where what was just done is told beside it. */
export function bannerWords(unseen: readonly DoorRow[], isShort: boolean): Words {
  if (isShort) return [`双认领 ${unseen.length} 户 p`, `twice: ${unseen.length} p`]
  const names = [...new Set(unseen.flatMap(othersAt))]
  const [first] = unseen as [DoorRow]
  const [zh, en] = [names.join('、'), names.join(', ')]
  return unseen.length === 1
    ? [`双认领 ${first.door}(${zh})· p 看`, `Claimed twice: ${first.door} (${en}) · p`]
    : [
        `双认领 ${first.door} 等 ${unseen.length} 户(${zh})· p 看`,
        `Claimed twice: ${first.door} and ${unseen.length - 1} more (${en}) · p`,
      ]
}

/** What to do about it. */
export const DOUBLE_ADVICE: Words = [
  '一人让出(门前按 l,整个单元按 z),或谁先去访,两边就都了结。',
  'One gives way (l at the door, z for the stair), or whoever visits first settles it.',
]
