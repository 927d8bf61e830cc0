import type { Problem } from '@doorstep/core'
import { alarmProblems } from './alarm-problems.ts'
import { attachmentProblems } from './attachment-problems.ts'
import { belongingProblems } from './belonging-problems.ts'
import { checkpointProblems } from './checkpoint-problems.ts'
import { claimProblems } from './claim-problems.ts'
import { deskProblems } from './desk-problems.ts'
import { deviceProblems } from './device-problems.ts'
import { errandProblems } from './errand-problems.ts'
import { exportProblems } from './export-problems.ts'
import { fileProblems } from './file-problems.ts'
import { formProblems } from './form-problems.ts'
import { answerProblems } from './form-words.ts'
import { gatewayProblems } from './gateway-problems.ts'
import { joinProblems } from './join-problems.ts'
import type { Language } from './language.ts'
import { mqttProblems } from './mqtt-problems.ts'
import { paperProblems } from './paper-problems.ts'
import { peopleProblems } from './people-problems.ts'
import { privacyProblems } from './privacy-problems.ts'
import { readingProblems } from './reading-problems.ts'
import { restProblems } from './rest-problems.ts'
import { roleWords } from './role-words.ts'
import { watchProblems } from './watch-problems.ts'
import { wireProblems } from './wire-problems.ts'
import { type Catalogue, of, sizeIn } from './wording.ts'
import { workProblems } from './work-problems.ts'
import { workbookProblems } from './workbook-problems.ts'

/** One entry for every problem a person can meet. `problems.test.ts` finds every `type:` in the sources and looks it up here. */
export const catalogue: Catalogue = {
  ...workProblems,
  ...belongingProblems,
  ...deskProblems,
  ...checkpointProblems,
  ...claimProblems,
  ...exportProblems,
  ...fileProblems,
  ...deviceProblems,
  ...mqttProblems,
  ...readingProblems,
  ...gatewayProblems,
  ...answerProblems,
  ...wireProblems,
  ...joinProblems,
  ...restProblems,
  ...privacyProblems,
  ...peopleProblems,
  ...paperProblems,
  ...errandProblems,
  ...alarmProblems,
  ...watchProblems,
  ...attachmentProblems,
  ...workbookProblems,
  ...formProblems,
  'no-home': (d) => ({
    zh: `这里还没有工作站:${of(d, 'home')}。`,
    en: `There is no workstation here yet: ${of(d, 'home')}.`,
    next: ['doorstep init --community NAME --member NAME --grid NAME', 'doorstep member join INVITE'],
  }),
  'home-exists': (d) => ({
    zh: `这里已经有一个工作站:${of(d, 'home')}。什么都没有改动。`,
    en: `There is a workstation here already: ${of(d, 'home')}. Nothing was changed.`,
    next: ['doorstep digest', 'doorstep init --home OTHER-FOLDER …'],
  }),
  'wrong-passphrase': () => ({
    zh: '口令不对。什么都没有打开,也没有改动。若确信没有输错,可能是存放密钥的地方损坏了:备份或同事那里有的都能取回。',
    en: 'Wrong passphrase. Nothing was opened or changed. If you are sure of it, the place that keeps the key may be damaged: what a backup or your colleagues have can be brought back.',
    next: ['doorstep digest', 'doorstep passphrase forgotten --out REQUEST'],
  }),
  'wrong-secret-kind': (d) => ({
    zh: d.wanted === 'key' ? '这个工作站用密钥文件打开,不用口令。' : '这个工作站用口令打开,不用密钥文件。',
    en:
      d.wanted === 'key'
        ? 'This home opens with a key file, not a passphrase.'
        : 'This home opens with a passphrase, not a key file.',
    next: d.wanted === 'key' ? ['doorstep digest --key-file FILE'] : ['doorstep digest'],
  }),
  'passphrase-needed': () => ({
    zh: '需要口令,而这里没有终端可以询问。',
    en: 'A passphrase is needed, and there is no terminal to ask on.',
    next: ['doorstep … --passphrase-file FILE', 'DOORSTEP_PASSPHRASE=… doorstep …'],
  }),
  'no-terminal': () => ({
    zh: '工作站要在终端里打开,而这里没有终端。同样的事可以用命令做。',
    en: 'The workstation needs a terminal, and there is none here. Commands do the same work.',
    next: ['doorstep visit due', 'doorstep find TEXT', 'doorstep sync status', 'doorstep --help'],
  }),
  'form-not-open': () => ({
    zh: '这张表单没有打开。填过的都已存在本机。',
    en: 'That form is not open. What was filled in is saved on this machine.',
    next: ['doorstep'],
  }),
  'passphrase-differs': () => ({
    zh: '两遍口令不一样。什么都没有改动。',
    en: 'The two passphrases differ. Nothing was changed.',
    next: ['doorstep passphrase change', 'doorstep init --community NAME --member NAME --grid NAME'],
  }),
  interrupted: (d) => ({
    zh:
      d.home !== undefined
        ? `加入到一半停下了。再来一次就会接着做;不想加入了,就删掉 ${of(d, 'home')}。`
        : d.kept !== undefined
          ? `已停下。收下的 ${of(d, 'kept')} 个读数都在;再导入一次就会接着做。`
          : d.created === undefined
            ? '已停下。什么都没有改动。'
            : `已停下。已写入的都在(新建 ${of(d, 'created')},更新 ${of(d, 'updated')});再导入一次就会接着做。`,
    en:
      d.home !== undefined
        ? `Stopped half-way through joining. Do it again to go on, or delete ${of(d, 'home')} to give up.`
        : d.kept !== undefined
          ? `Interrupted. The ${of(d, 'kept')} readings that were kept stay; import again to go on.`
          : d.created === undefined
            ? 'Interrupted. Nothing was changed.'
            : `Interrupted. What was written stays (${of(d, 'created')} created, ${of(d, 'updated')} updated); import again to go on.`,
    next:
      d.home !== undefined
        ? ['doorstep member join --code -']
        : d.kept !== undefined
          ? ['doorstep device import FILE --mapping FILE']
          : d.created === undefined
            ? ['doorstep --help']
            : ['doorstep import FILE --mapping FILE'],
  }),
  'file-unreadable': (d) => ({
    zh: `读不了文件 ${of(d, 'file')}(${of(d, 'code')})。什么都没有改动。`,
    en: `Cannot read ${of(d, 'file')} (${of(d, 'code')}). Nothing was changed.`,
    next: [`ls -l ${of(d, 'file')}`],
  }),
  'file-unwritable': (d) => ({
    zh: `写不了文件 ${of(d, 'file')}(${of(d, 'code')})。工作站里的记录都还在。`,
    en: `Cannot write ${of(d, 'file')} (${of(d, 'code')}). Everything in the workstation is still there.`,
    next: ['df -h', 'doorstep doctor'],
  }),
  'newer-store': (d) => ({
    zh: `这个工作站由更新的版本写成(布局 ${of(d, 'version')})。没有碰它。`,
    en: `This home was written by a newer version (layout ${of(d, 'version')}). It was not touched.`,
    next: ['npm install --global @doorstep/cli@latest'],
  }),
  'older-store': (d) => ({
    zh: `这个文件夹由正式发布之前的试用版写成(布局 ${of(d, 'version')}),这一版读不了它。没有碰它,里面的东西都还在:把它收好,用另一个文件夹建站。`,
    en: `This home was written by a preview from before the first release (layout ${of(d, 'version')}), and this version cannot read it. It was not touched and all in it is still there: keep it aside and use another folder.`,
    next: [
      `mv ${of(d, 'home')} ${of(d, 'home')}.preview`,
      'doorstep init --home OTHER-FOLDER --community NAME --member NAME --grid NAME',
    ],
  }),
  'damaged-store': (d) => ({
    zh: `存储文件损坏:${of(d, 'detail')}。没有写入任何东西。`,
    en: `The store file is damaged: ${of(d, 'detail')}. Nothing was written.`,
    next: ['doorstep doctor', 'doorstep bundle read FILE'],
  }),
  'disk-full': () => ({
    zh: '磁盘满了,这一次没有存上;以前存的都在。',
    en: 'The disk is full. This was not saved; everything before it is safe.',
    next: ['df -h', 'doorstep doctor'],
  }),
  'not-writable': (d) => ({
    zh: `不能写入 ${of(d, 'home')}。没有存上;以前存的都在。`,
    en: `Cannot write to ${of(d, 'home')}. Not saved; everything before it is safe.`,
    next: [`ls -ld ${of(d, 'home')}`],
  }),
  'no-key': () => ({
    zh: '这台机器还没有这个网格的钥匙,所以不能写。已有的都在。',
    en: 'This station has no key for that grid yet, so it cannot write there. What is here is safe.',
    next: ['doorstep sync now', 'doorstep member list'],
  }),
  'part-malformed': (d) => ({
    zh: `一条记录的改动超出格式允许的范围(${of(d, 'detail')})。没有存上。`,
    en: `A change goes beyond what the format allows (${of(d, 'detail')}). Not saved.`,
    next: ['doorstep household show ID'],
  }),
  'part-too-large': (d) => ({
    zh: `一条记录太大(${of(d, 'bytes')} 字节,最多 ${of(d, 'maxBytes')})。没有存上。`,
    en: `One record is too large (${of(d, 'bytes')} bytes, at most ${of(d, 'maxBytes')}). Not saved.`,
    next: ['doorstep household show ID'],
  }),
  'role-may-not': (d) => ({
    zh: `您的角色不能做这件事(${roleWords(of(d, 'role'))[0] || of(d, 'action')})。什么都没有改动。`,
    en: `Your role may not do this (${roleWords(of(d, 'role'))[1] || of(d, 'action')}). Nothing was changed.`,
    next: ['doorstep member list'],
  }),
  'unknown-grid': (d) => ({
    zh: `没有叫 “${of(d, 'grid')}” 的网格。有:${of(d, 'grids')}。`,
    en: `There is no grid called "${of(d, 'grid')}". There are: ${of(d, 'grids')}.`,
    next: ['doorstep digest'],
  }),
  'unknown-invite': () => ({
    zh: '这台机器没有发出过这个邀请。',
    en: 'This station did not make that invite.',
    next: ['doorstep member invite --role worker --name NAME --grid GRID --out INVITE'],
  }),
  'invite-expired': (d) => ({
    zh: `邀请已过期(${of(d, 'expiredAt')})。没有放行。`,
    en: `The invite has expired (${of(d, 'expiredAt')}). Nobody was let in.`,
    next: ['doorstep member invite --role worker --name NAME --grid GRID --out INVITE'],
  }),
  'invite-withdrawn': () => ({
    zh: '邀请已撤回。没有放行。',
    en: 'The invite was withdrawn. Nobody was let in.',
    next: ['doorstep member invite --role worker --name NAME --grid GRID --out INVITE'],
  }),
  'invite-used': () => ({
    zh: '这个邀请已经被另一台机器用掉。没有放行。',
    en: 'Another machine has used this invite already. Nobody was let in.',
    next: [
      'doorstep member invite --role worker --name NAME --grid GRID --out INVITE',
      'doorstep station list',
    ],
  }),
  'false-request': () => ({
    zh: '这个申请不是由该邀请产生的,或被改动过。没有放行。',
    en: 'This request does not come from that invite, or was altered. Nobody was let in.',
    next: ['doorstep member join INVITE --out REQUEST'],
  }),
  'other-community': () => ({
    zh: '这是另一个社区的。什么都没有收。',
    en: 'This belongs to another community. Nothing was taken in.',
    next: ['doorstep digest'],
  }),
  'malformed-file': (d) => ({
    zh: `文件${of(d, 'file') ? ` ${of(d, 'file')} ` : ''}不是邀请、申请或放行文件,或已损坏。什么都没有改动。`,
    en: `The file${of(d, 'file') ? ` ${of(d, 'file')}` : ''} is no invite, request or grant, or it is damaged. Nothing was changed.`,
    next: ['doorstep member invite --role worker --name NAME --grid GRID --out INVITE'],
  }),
  'grant-for-another': (d) => ({
    zh: `放行文件 ${of(d, 'file')} 不是给这台机器的。已收下能收的,别的没有改动。`,
    en: `The grant ${of(d, 'file')} is not for this machine. Nothing else was changed.`,
    next: ['doorstep member join INVITE --out REQUEST'],
  }),
  'not-in-quarantine': (d) => ({
    zh: `扣下的里面没有 ${of(d, 'id')}。`,
    en: `There is no ${of(d, 'id')} in quarantine.`,
    next: ['doorstep quarantine list'],
  }),
  'not-a-bundle': (d) => ({
    zh: `${of(d, 'file')} 不是数据包。什么都没有改动。`,
    en: `${of(d, 'file')} is not a bundle. Nothing was changed.`,
    next: ['doorstep bundle write FILE'],
  }),
  'bundle-truncated': (d) => ({
    zh: `数据包 ${of(d, 'file')} 不完整(复制到一半?)。什么都没有收,这里的记录都在。`,
    en: `The bundle ${of(d, 'file')} is cut short (a copy that stopped half-way?). Nothing was taken in; what is here is safe.`,
    next: [`doorstep bundle read ${of(d, 'file')} --salvage`, 'doorstep bundle write FILE'],
  }),
  'bundle-altered': (d) => ({
    zh: `数据包 ${of(d, 'file')} 和写成时不一样了。什么都没有收,这里的记录都在。`,
    en: `The bundle ${of(d, 'file')} is not as it was written. Nothing was taken in; what is here is safe.`,
    next: [`doorstep bundle read ${of(d, 'file')} --salvage`, 'doorstep bundle write FILE'],
  }),
  'bundle-other-community': (d) => ({
    zh: `数据包 ${of(d, 'file')} 属于另一个社区。什么都没有收。`,
    en: `The bundle ${of(d, 'file')} belongs to another community. Nothing was taken in.`,
    next: [`doorstep bundle show ${of(d, 'file')}`],
  }),
  'unknown-station': (d) => ({
    zh: `社区里没有这台机器:${of(d, 'station')}。`,
    en: `There is no such station in the community: ${of(d, 'station')}.`,
    next: ['doorstep station list'],
  }),
  aborted: () => ({
    zh: '中途停下了。停下之前的都已存好,可以再来一次。',
    en: 'Stopped half-way. What was done before is saved; it can be done again.',
    next: ['doorstep digest'],
  }),
  unreachable: (d) => ({
    zh: `连不上 ${of(d, 'address')}(${of(d, 'code')})。这里的记录都在。`,
    en: `Cannot reach ${of(d, 'address')} (${of(d, 'code')}). What is here is safe.`,
    next: ['doorstep sync now --peer HOST:PORT', 'doorstep bundle write FILE'],
  }),
  'address-in-use': (d) => ({
    zh: `${of(d, 'host')}:${of(d, 'port')} 不能监听(${of(d, 'code')})。`,
    en: `Cannot listen on ${of(d, 'host')}:${of(d, 'port')} (${of(d, 'code')}).`,
    next: ['doorstep sync serve --listen 0.0.0.0:0'],
  }),
  'address-unavailable': (d) => ({
    zh: `${of(d, 'host')} 上不能监听(${of(d, 'detail')})。`,
    en: `Cannot listen on ${of(d, 'host')} (${of(d, 'detail')}).`,
    next: ['doorstep sync serve --listen 0.0.0.0:0'],
  }),
  'signaling-url-invalid': (d) => ({
    zh: `“${of(d, 'url')}” 不是信令地址,应为 ws://主机:端口。`,
    en: `"${of(d, 'url')}" is no signaling address; it should be ws://HOST:PORT.`,
    next: ['doorstep sync serve --signaling ws://192.168.1.20:7346'],
  }),
  'presence-invalid': () => ({
    zh: '“在哪个门口”的内容不合规,没有公布。',
    en: 'The presence to be shown is not valid and was not shown.',
    next: ['doorstep sync status'],
  }),
  'no-discovery': (d) => ({
    zh: `局域网发现不可用(${of(d, 'detail')})。可以直接写地址。`,
    en: `LAN discovery is not available (${of(d, 'detail')}). Addresses can be typed.`,
    next: ['doorstep sync now --peer HOST:PORT'],
  }),
  'bad-address': (d) => ({
    zh: `“${of(d, 'address')}” 不是地址,应为 主机:端口。`,
    en: `"${of(d, 'address')}" is no address; it should be HOST:PORT.`,
    next: ['doorstep sync now --peer 192.168.1.20:7345'],
  }),
  'not-a-station': (d) => ({
    zh: `${of(d, 'address')} 那里不是要找的工作站。什么都没有交换。`,
    en: `What answers at ${of(d, 'address')} is not the station that was wanted. Nothing was exchanged.`,
    next: ['doorstep station list'],
  }),
  'not-synced': (d) => ({
    zh: `没有和任何站点证明一致。试过:${of(d, 'tried') || '没有地址'}。这里的记录都在。`,
    en: `Not proved equal with any station. Tried: ${of(d, 'tried') || 'no address'}. What is here is safe.`,
    next: Array.isArray(d.next)
      ? d.next.map(String)
      : ['doorstep sync now --peer HOST:PORT', 'doorstep bundle write FILE'],
  }),
  'own-address': (d) => ({
    zh: `${of(d, 'address')} 就是本机。什么都没有交换。`,
    en: `${of(d, 'address')} is this very machine. Nothing was exchanged.`,
    next: ['doorstep sync now', 'doorstep sync now --peer HOST:PORT'],
  }),
  'role-may-not-carry': () => ({
    zh: '只有网格员的机器替别人带数据。什么都没有改动。',
    en: 'Only machines of workers carry for others. Nothing was changed.',
    next: ['doorstep sync now', 'doorstep bundle write FILE'],
  }),
  'holds-all': () => ({
    zh: '这台机器本来就存着所有网格的条目,不用另外带。什么都没有改动。',
    en: 'This machine holds the entries of every grid as it is: there is nothing to carry. Nothing was changed.',
    next: ['doorstep sync status', 'doorstep sync now'],
  }),
  'too-little-room': (d) => ({
    zh: `${sizeIn(d, 'bytes')} 太小,至少 ${sizeIn(d, 'minBytes')}。什么都没有改动。`,
    en: `${sizeIn(d, 'bytes')} is too little: ${sizeIn(d, 'minBytes')} at least. Nothing was changed.`,
    next: ['doorstep sync carry on --most 64MB'],
  }),
}

export function wordingOf(
  problem: Problem,
  language: Language,
): { message: string; next: readonly string[] } {
  const entry = catalogue[problem.type]
  if (!entry) return { message: `${problem.type} ${JSON.stringify(problem)}`, next: ['doorstep doctor'] }
  const wording = entry(problem)
  return { message: wording[language], next: wording.next }
}
