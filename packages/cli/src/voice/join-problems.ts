import { type Catalogue, of } from './wording.ts'

const INVITE = 'doorstep member invite --role worker --name NAME --grid GRID --code'
const JOIN = 'doorstep member join --code -'
const JOIN_AT = 'doorstep member join --code - --peer HOST:PORT'

/** Problems of joining by a code, on both sides. */
export const joinProblems: Catalogue = {
  'code-mistyped': (d) => ({
    zh:
      d.wanted === undefined
        ? '加入码有字打错了。什么都没有做,也不算试错。请照着屏幕再打一遍。'
        : `加入码应有 ${of(d, 'wanted')} 个字,这里是 ${of(d, 'characters')} 个。什么都没有做,也不算试错。`,
    en:
      d.wanted === undefined
        ? 'The code is mistyped. Nothing was done, and it does not count as a try. Type it again as it is on the screen.'
        : `A code has ${of(d, 'wanted')} characters, this has ${of(d, 'characters')}. Nothing was done, and it does not count as a try.`,
    next: [JOIN],
  }),
  'unknown-code': (d) => ({
    zh: `${of(d, 'address')} 那里开着的是另一个加入码。什么都没有交换。`,
    en: `Another code is open at ${of(d, 'address')}. Nothing was exchanged.`,
    next: [JOIN, JOIN_AT],
  }),
  'wrong-code': (d) => ({
    zh: `${of(d, 'address')} 说加入码不对。什么都没有交换。码没有打错,那它是旧的,或那里不是邀请人的机器,或中间有人。`,
    en: `${of(d, 'address')} says that the code is wrong. Nothing was exchanged. It is not mistyped, so it is an old one, or that is not the inviter, or somebody stands between.`,
    next: [JOIN_AT, INVITE],
  }),
  'code-busy': () => ({
    zh: '另一台机器正用这个加入码加入。一个码只让一台进来。什么都没有交换。',
    en: 'Another machine is joining with this code right now, and a code lets in one. Nothing was exchanged.',
    next: [JOIN, INVITE],
  }),
  'code-used': () => ({
    zh: '这个加入码已经让一台机器进来了。什么都没有交换。若不是您的机器,请马上告诉邀请人。',
    en: 'This code has let a machine in already. Nothing was exchanged. If it was not yours, tell the inviter at once.',
    next: [INVITE, 'doorstep station list'],
  }),
  'code-expired': () => ({
    zh: '加入码已过期(以邀请人的时钟为准)。没有人用它进来。',
    en: 'The code has expired, by the inviter’s clock. It let nobody in.',
    next: [INVITE],
  }),
  'code-closed': () => ({
    zh: '这个加入码已经作废(撤回了,或错了太多次)。什么都没有交换。',
    en: 'This code is no longer good: it was withdrawn, or wrong codes were tried too often. Nothing was exchanged.',
    next: [INVITE],
  }),
  'code-guessed': () => ({
    zh: '错的加入码试了五次,这个码作废了。没有人进来。若不是自己人打错,这个网络里有人在猜。',
    en: 'Wrong codes were tried five times, so this code is dead. Nobody was let in. If it was none of you, somebody on this network is guessing.',
    next: [INVITE],
  }),
  'code-withdrawn': () => ({
    zh: '加入码已撤回。没有人用它进来。',
    en: 'The code is withdrawn. It let nobody in.',
    next: [INVITE, 'doorstep member invites'],
  }),
  'pairing-crowded': (d) => ({
    zh: `${of(d, 'address')} 现在来的人太多。什么都没有交换。过一分钟再试。`,
    en: `Too many are calling ${of(d, 'address')} just now. Nothing was exchanged. Try again in a minute.`,
    next: [JOIN],
  }),
  'not-inviting': (d) => ({
    zh: `${of(d, 'address')} 那里没有开着加入码,或证明不了自己知道它。什么都没有交换。`,
    en: `What answers at ${of(d, 'address')} holds no code open, or cannot prove that it knows it. Nothing was exchanged.`,
    next: [INVITE, JOIN_AT],
  }),
  'pairing-cut': (d) => ({
    zh: `和 ${of(d, 'address')} 的连接断了(${of(d, 'detail')})。这里什么都没有建立,可以再来一次。`,
    en: `The connection to ${of(d, 'address')} was cut (${of(d, 'detail')}). Nothing was made here; do it again.`,
    next: [JOIN, JOIN_AT],
  }),
  'no-inviter-found': () => ({
    zh: '局域网里没有找到邀请人。很多网络不让机器互相发现:请打上邀请人屏幕上的地址,或用 U 盘加入。',
    en: 'The inviter was not found on this LAN. Many networks keep machines from finding each other: type the address on the inviter’s screen, or join by stick.',
    next: [JOIN_AT, 'doorstep member join INVITE --out REQUEST'],
  }),
  'join-pending': (d) => ({
    zh: `${of(d, 'home')} 里有一份没完成的加入,用的是另一个邀请。先完成它,或删掉这个文件夹再用新的码。`,
    en: `In ${of(d, 'home')} another invite waits for its grant. Finish that, or delete the folder and use the new code.`,
    next: ['doorstep member join GRANT', `rm -r ${of(d, 'home') || 'HOME'}`],
  }),
  'join-refused': (d) => ({
    zh: `邀请人没有放行(${of(d, 'reason')})。这里没有收到任何记录;可以删掉 ${of(d, 'home')}。`,
    en: `The inviter did not let this machine in (${of(d, 'reason')}). No records came; ${of(d, 'home')} can be deleted.`,
    next: [`rm -r ${of(d, 'home') || 'HOME'}`, INVITE],
  }),
  'join-cut': (d) => ({
    zh: `加入到一半断了(${of(d, 'detail')})。收到的都已存好。同一个码再来一次就会接着做;若已放行,同步一次也行。`,
    en: `Joining was cut off half-way (${of(d, 'detail')}). What came is saved. The same code goes on where it stopped; if this machine was let in already, a sync does too.`,
    next: [JOIN, 'doorstep sync now --peer HOST:PORT', `rm -r ${of(d, 'home') || 'HOME'}`],
  }),
  'joined-unfinished': (d) => ({
    zh: `${of(d, 'station')} 已放行,但第一次同步没有做完。再相遇一次就补上。`,
    en: `${of(d, 'station')} was let in, but its first sync did not end. Any later meeting makes up for it.`,
    next: ['doorstep sync serve', 'doorstep station list'],
  }),
}
