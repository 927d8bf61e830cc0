/** What is to be tried, and whether it was done: judged from the records, which nobody can tick by hand. */
import {
  addressOf,
  listCases,
  listClaims,
  listConflicts,
  listErrands,
  listVisits,
  type RecordSet,
  shortAddress,
} from '@doorstep/core'
import type { Words } from '../voice/language.ts'
import type { PracticePlan } from './plan.ts'

export type PracticeTask = {
  readonly id: string
  readonly points: number
  readonly done: boolean
  readonly what: Words
  readonly hint: Words
}

export function practiceTasks(
  set: RecordSet,
  plan: PracticePlan,
  { today }: { readonly today: string },
): readonly PracticeTask[] {
  const { doors, phones, startedMs } = plan
  const door = (name: keyof typeof doors) => shortAddress(addressOf(set, set.getA('household', doors[name])))
  const visits = (name: keyof typeof doors) =>
    listVisits(set, { household: doors[name] }).filter(
      ({ atMs, withdrawn }) => atMs > startedMs && withdrawn === null,
    )
  const exported = (what: string, subject?: string) =>
    [...set.ofType('export')].some(
      (one) =>
        one.createdAt > startedMs &&
        one.fields.what === what &&
        (subject === undefined || one.fields.subject === subject),
    )
  const home = (name: keyof typeof doors) => set.getA('household', doors[name])
  const phoneEnd = String(home('phone')?.fields.phone ?? '')
  return [
    {
      id: 'visit',
      points: 10,
      done: visits('visit').some(({ outcome, form }) => outcome === 'met' && form !== null),
      what: [
        `探访 ${door('visit')}:见到本人,填好入户安全检查`,
        `Visit ${door('visit')}: somebody is in; fill in the home safety check`,
      ],
      hint: [
        '工作站里选中这一户,↵ 进门,↵ 开始,数字键作答',
        'In the workstation choose the door, ↵ to enter, ↵ to begin, number keys answer',
      ],
    },
    {
      id: 'absent',
      points: 10,
      done: visits('absent').some(({ outcome }) => outcome === 'absent'),
      what: [`${door('absent')} 没人应门,记下来`, `Nobody answers at ${door('absent')}: note it`],
      hint: ['在这一户按 n,再 ↵', 'Press n at that door, then ↵'],
    },
    {
      id: 'tail',
      points: 10,
      done: /找到|found/i.test(String(home('tail')?.fields.note ?? '')),
      what: [
        `有人来电,只记得电话末四位 ${phones.tail.slice(-4)}。找到这一户,备注写“找到”`,
        `Somebody called; only the last digits ${phones.tail.slice(-4)} are known. Find the household, and write "found" as its note`,
      ],
      hint: [
        `按 / 输入 ${phones.tail.slice(-4)};doorstep household edit 门牌 --set note=找到`,
        `Press / and type ${phones.tail.slice(-4)}; doorstep household edit DOOR --set note=found`,
      ],
    },
    {
      id: 'conflict',
      points: 15,
      done: listConflicts(set, { record: doors.conflict }).length === 0,
      what: [
        `${door('conflict')} 的电话有两种说法,定下一种`,
        `Two phone numbers are said of ${door('conflict')}: settle it`,
      ],
      hint: ['按 d,选中,↵;或 doorstep conflict list', 'Press d, choose, ↵; or doorstep conflict list'],
    },
    {
      id: 'double',
      points: 10,
      done: !listClaims(set, { on: today, double: true }).some((claim) => claim.open.includes(doors.double)),
      what: [
        `${door('double')} 您和同事都认领了,让出您的`,
        `You and a colleague both claimed ${door('double')}: give up yours`,
      ],
      hint: [
        '在这一户按 l;或 doorstep claim list --double',
        'Press l at that door; or doorstep claim list --double',
      ],
    },
    {
      id: 'phone',
      points: 10,
      done: phoneEnd.length >= 11 && phoneEnd.endsWith(phones.right.slice(-4)),
      what: [
        `${door('phone')} 的电话少一位,备注里有对的,改过来`,
        `The phone of ${door('phone')} lacks a digit; its note has the right one: put it right`,
      ],
      hint: ['doorstep household edit 门牌 --set phone=@-', 'doorstep household edit DOOR --set phone=@-'],
    },
    {
      id: 'alarm',
      points: 10,
      done: listCases(set, { on: today, household: doors.alarm }).some(
        ({ source, state }) => source === 'device' && !['reported', 'accepted'].includes(state),
      ),
      what: [
        `${door('alarm')} 26 小时没用水:去看,记下处置`,
        `No water was used at ${door('alarm')} for 26 hours: go there, and note what was done`,
      ],
      hint: ['按 c 打开案件,走“处置”', 'Press c, open the case, take the step "Handle"'],
    },
    {
      id: 'errand',
      points: 10,
      done: listErrands(set, { on: today, household: doors.errand }).some(
        ({ state, owing }) => state === 'told' && !owing,
      ),
      what: [
        `${door('errand')} 的高龄津贴代办:收材料、核身份、念读、签字、递交、办成、送还、告知`,
        `The errand for ${door('errand')}: papers, identity, read aloud, signed, submitted, done, returned, told`,
      ],
      hint: [
        'doorstep errand list;doorstep errand step 编号 take --paper 存折',
        'doorstep errand list; doorstep errand step ID take --paper NAME',
      ],
    },
    {
      id: 'paper',
      points: 5,
      done: exported('sheet', doors.paper),
      what: [`给 ${door('paper')} 印一张纸表`, `Print a sheet for ${door('paper')}`],
      hint: [
        `doorstep print form home-safety-check --household ${door('paper')} --to 纸表.pdf`,
        `doorstep print form home-safety-check --household ${door('paper')} --to SHEET.pdf`,
      ],
    },
    {
      id: 'meters',
      points: 5,
      done: exported('meters', doors.tail),
      what: [
        `${door('tail')} 夜里一直在走水:看用水单,印给住户`,
        `Water runs all night at ${door('tail')}: look at the sheet, and print it for the resident`,
      ],
      hint: [
        `在这一户按 W,再按 w;或 doorstep print meters ${door('tail')}`,
        `Press W at that door, then w; or doorstep print meters ${door('tail')}`,
      ],
    },
    {
      id: 'bundle',
      points: 5,
      done: exported('bundle'),
      what: ['把今天的记录写成文件带走', 'Write today’s records to a file, to carry them'],
      hint: [
        '按 s,再按 w;或 doorstep bundle write 今天.bundle',
        'Press s, then w; or doorstep bundle write TODAY.bundle',
      ],
    },
  ]
}

export const scoreOf = (tasks: readonly PracticeTask[]) => ({
  points: tasks.reduce((sum, { done, points }) => sum + (done ? points : 0), 0),
  of: tasks.reduce((sum, { points }) => sum + points, 0),
  done: tasks.filter(({ done }) => done).length,
})
