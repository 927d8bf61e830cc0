import { type Catalogue, type Detail, of, type Wording } from './wording.ts'

/** Something that came from elsewhere and is not let in; what is here is never touched by it. */
const refused =
  (zh: string, en: string, next: readonly string[] = ['doorstep quarantine list']) =>
  (d: Detail): Wording => ({
    zh: `${zh}${of(d, 'detail') && `(${of(d, 'detail')})`}。没有收进来,这里的记录都在。`,
    en: `${en}${of(d, 'detail') && ` (${of(d, 'detail')})`}. It was not taken in; what is here is safe.`,
    next,
  })
const meeting = (zh: string, en: string) =>
  refused(zh, en, ['doorstep sync status', 'doorstep bundle write FILE'])
const newer = refused('内容由更新的版本写成', 'This was written by a newer version', [
  'npm install --global @doorstep/cli@latest',
])

/** Problems on the way between stations, which a person meets in a report or a log. */
export const wireProblems: Catalogue = {
  altered: refused('内容和写成时不一样', 'This is not as it was written'),
  malformed: refused('内容不合格式', 'This is not in the right form'),
  'wrong-signature': refused('签名不对', 'The signature is wrong'),
  'unknown-version': newer,
  'newer-act': newer,
  'newer-part': newer,
  unreadable: refused('没有能打开它的钥匙,或内容坏了', 'No key here opens this, or it is damaged', [
    'doorstep sync now',
    'doorstep doctor',
  ]),
  'too-large': refused('内容太大', 'This is too large'),
  'malformed-hello': meeting('对方的问候不合格式', 'The other side greeted in the wrong form'),
  'bad-proof': meeting('对方没能证明自己是谁', 'The other side did not prove who it is'),
  'own-key': meeting(
    '对方用的是这台机器自己的钥匙:这份工作站被复制过?',
    'The other side has this very key: was this home copied?',
  ),
  'not-allowed': meeting('对方不是这个社区的站点', 'The other side is no station of this community'),
  'out-of-order': meeting('对方没有按次序来', 'The other side did not keep to the order of things'),
  'turned-away': meeting('对方现在不接', 'The other side turned this station away for now'),
  'room-message-malformed': meeting(
    '房间里来的消息不合格式',
    'A message in the room is not in the right form',
  ),
  'room-message-unused': meeting(
    '房间里来的消息这里不用',
    'A message in the room is of a kind not used here',
  ),
  'webrtc-unavailable': (d) => ({
    zh: `WebRTC 用不了(${of(d, 'detail')})。局域网和 U 盘照常。`,
    en: `WebRTC is not available (${of(d, 'detail')}). The LAN and USB sticks work as before.`,
    next: ['doorstep sync now --peer HOST:PORT', 'doorstep bundle write FILE'],
  }),
}
