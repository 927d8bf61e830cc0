import {
  type AuditAction,
  type AuditFlag,
  type AuditRow,
  type AuditTrail,
  addressOf,
  definitionOf,
  isRevealReason,
  type RecordSet,
  revealReasons,
  shortAddress,
} from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { roleWords } from './role-words.ts'
import { table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { fieldLabel, shortId } from './value-text.ts'

/** What an action is called: one that has no words here does not compile. */
const ACTIONS: Readonly<Record<AuditAction, Words>> = {
  introduce: ['介绍自己', 'Introduced'],
  'community.found': ['建立社区', 'Founded'],
  'grid.add': ['建网格', 'Grid made'],
  'desk.open': ['开协作台', 'Desk opened'],
  'station.rescue': ['帮忘了口令的人', 'Passphrase rescued'],
  'record.edit': ['改动', 'Changed'],
  'record.import': ['导入', 'Imported'],
  'record.reveal': ['看了', 'Looked at'],
  'record.erase': ['删除', 'Erased'],
  'person.add': ['登记人员', 'Person registered'],
  'record.merge': ['合并或分开', 'Merged or separated'],
  'household.add': ['登记住户', 'Household registered'],
  'residence.change': ['居住变动', 'Residence changed'],
  'household.move': ['换网格', 'Household moved'],
  'visit.record': ['探访', 'Visited'],
  'visit.withdraw': ['撤回探访', 'Visit withdrawn'],
  'diary.add': ['写日记', 'Diary written'],
  'errand.open': ['接代办', 'Errand opened'],
  'errand.step': ['代办步骤', 'Errand step'],
  'diary.tick': ['办好打勾', 'Diary ticked'],
  'form.add': ['加表单', 'Form added'],
  'form.offer': ['停用或启用表单', 'Form retired or offered again'],
  'sweep.open': ['开行动', 'Sweep opened'],
  'sweep.close': ['行动收工', 'Sweep closed'],
  'claim.take': ['认领', 'Claimed'],
  'claim.give': ['派门给人', 'Doors given'],
  'claim.release': ['让出认领', 'Claim given up'],
  'claim.clear': ['撤销别人的认领', 'Another’s claim taken back'],
  'attachment.add': ['添附件', 'Attachment added'],
  'case.open': ['开案', 'Case opened'],
  'case.step': ['案件步骤', 'Case step'],
  'case.decide': ['案件审批', 'Case decision'],
  'case.dispatch': ['派遣', 'Case dispatched'],
  'dispatch.report': ['回报派遣', 'Dispatch reported'],
  'conflict.settle': ['定下一种说法', 'Conflict settled'],
  'alarm.raise': ['设备报警', 'Alarm raised'],
  'alarm.answer': ['答复报警', 'Alarm answered'],
  'leave.note': ['外出报备', 'Leave noted'],
  'device.adjust': ['调整设备规则', 'Rule of a device adjusted'],
  'device.read': ['抄表', 'Meter read'],
  'device.review': ['记下对设备的意见', 'What was said of a device'],
  'device.decide': ['决定设备去留', 'Decision on a device'],
  'consent.give': ['记下同意', 'Consent noted'],
  'consent.withdraw': ['撤回同意', 'Consent withdrawn'],
  'person.copy': ['给了全部资料副本', 'Gave a full copy'],
  'bundle.write': ['写出数据包', 'Bundle written'],
  'table.write': ['导出表格', 'Table exported'],
  'table.unmask': ['导出明文表格', 'Table exported in plain text'],
  'template.add': ['加报表模板', 'Report template added'],
  'report.write': ['写出报表', 'Report written'],
  'paper.print': ['打印', 'Printed'],
  'checkpoint.make': ['做检查点', 'Checkpoint made'],
  'quarantine.release': ['放行', 'Let in'],
  'quarantine.vouch': ['作保', 'Vouched for'],
  'act.genesis': ['创立', 'Founded'],
  'act.space': ['建空间', 'Space made'],
  'act.member': ['加入成员', 'Member added'],
  'act.station': ['加入站点', 'Station added'],
  'act.assign': ['改职责或网格', 'Role or grids changed'],
  'act.remove': ['移除成员', 'Member removed'],
  'act.remove-station': ['移除站点', 'Station removed'],
  'act.leave': ['退出', 'Left'],
  'act.ratify': ['追认', 'Ratified'],
  'act.generation': ['换钥匙', 'Keys made'],
  'act.box': ['发钥匙', 'Keys handed out'],
  'act.freeze': ['冻结分叉', 'Fork frozen'],
}
/** In words; what a later version did is shown by its own name. */
const actionText = (action: string, language: Language): string =>
  Object.hasOwn(ACTIONS, action) ? say(language, ACTIONS[action as AuditAction]) : action
const FLAGS: Readonly<Record<AuditFlag, Words>> = {
  void: ['无效', 'void'],
  erased: ['已删', 'erased'],
  'after-withdrawal': ['撤回之后', 'after withdrawal'],
}
/** More than fits on a line; JSON names them all. */
const MOST_RECORDS = 3

export function auditText(set: RecordSet, { rows, total, unreadable }: AuditTrail, now: Today): string {
  const { language } = now
  const foot: Words[] = [
    [
      `${total} 条${rows.length < total ? `,只显示最近 ${rows.length} 条` : ''}。这就是日志本身,签了名、连成链,没有另一份可改。`,
      `${total} entries${rows.length < total ? `, the newest ${rows.length} shown` : ''}. This is the log itself, signed and chained; there is no other list to edit.`,
    ],
    ...(unreadable > 0
      ? [
          [
            `另有 ${unreadable} 条这台机器读不了。`,
            `${unreadable} more cannot be read by this station.`,
          ] as const,
        ]
      : []),
  ]
  const told = foot.map((words) => say(language, words)).join('\n')
  if (rows.length === 0) return told
  const head: Words[] = [
    ['何时', 'When'],
    ['谁', 'By'],
    ['做了什么', 'What'],
    ['对什么', 'To what'],
    ['', ''],
  ]
  const lines = rows.map((row) => [
    row.at === null
      ? say(language, [
          `收到 ${instantWords(row.arrivedAt, now)}`,
          `came ${instantWords(row.arrivedAt, now)}`,
        ])
      : instantWords(row.at, now),
    row.memberName,
    actionText(row.action, language),
    [aboutText(row, language) || recordsText(set, row, language), reasonText(row.reason, language)]
      .filter(Boolean)
      .join(' — '),
    row.flags.map((flag) => say(language, FLAGS[flag])).join(' '),
  ])
  return `${table(
    head.map((words) => say(language, words)),
    lines,
  )}\n\n${told}`
}

const aboutText = ({ about }: AuditRow, language: Language): string =>
  about
    .map(({ name, role }) => (role ? `${name} ${say(language, roleWords(role))}` : name))
    .join(say(language, ['、', ', ']))

function recordsText(set: RecordSet, { records }: AuditRow, language: Language): string {
  const shown = records.slice(0, MOST_RECORDS).map(({ id, type, fields }) => {
    const definition = definitionOf(type)
    const name = definition ? say(language, definition.label) : type
    const labels = fields.slice(0, MOST_RECORDS).map((field) => fieldLabel(type, field, language))
    const more = fields.length > MOST_RECORDS ? '…' : ''
    return `${name} ${placeOf(set, id)}${labels.length > 0 ? ` (${labels.join(', ')}${more})` : ''}`
  })
  const left = records.length - shown.length
  return [
    ...shown,
    ...(left > 0 ? [say(language, [`等 ${records.length} 条`, `and ${left} more`])] : []),
  ].join('; ')
}

const reasonText = (reason: string | null, language: Language): string =>
  isRevealReason(reason) ? say(language, revealReasons[reason]) : (reason ?? '')

/** A door as people say it, else the id: names stay out of it. */
function placeOf(set: RecordSet, id: string): string {
  const record = set.get(id)
  const { household, subject } = record?.fields ?? {}
  const home = ['household', 'dwelling'].includes(record?.type ?? '')
    ? record
    : set.get(String(household ?? subject))
  return (home && shortAddress(addressOf(set, home))) || shortId(id)
}
