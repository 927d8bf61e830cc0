import type { Words } from './language.ts'

/** What a removal cannot do: said at every removal, and in THREATS.md. */
export const REMOVAL_LIMITS: readonly Words[] = [
  [
    '对方那台机器上已有的、抄下的、拍下的,收不回来。',
    'What that machine already holds, or somebody copied or photographed, cannot be taken back.',
  ],
  [
    '还没有听说这次移除的同事,会继续与对方同步,直到与知情的机器相遇。',
    'Colleagues who have not heard of it keep sharing with that machine until they meet somebody who has.',
  ],
  [
    '对方下次与知情的机器相遇时,会交出没送过的条目、锁上并销毁密钥;关机不联网的机器不会。',
    'At its next meeting with somebody who knows, that machine hands over what it had not sent, locks and destroys its keys; one that is never connected does not.',
  ],
]
