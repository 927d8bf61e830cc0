import { addDays, addDiary, openRecordSet } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, gridFlag } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickGrid, pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { shortId } from '../../voice/value-text.ts'

export default class DiaryAdd extends DoorstepCommand {
  static override description = '写一条民情日记 · Write a line of the diary'
  static override examples = [
    'doorstep diary add 楼道灯不亮 --todo',
    'doorstep diary add @- --about 1-2-301 --due 2026-12-01',
  ]
  static override args = {
    TEXT: Args.string({
      required: true,
      ignoreStdin: true,
      description: '内容,或 @-(标准输入)· the text, or @- for standard input',
    }),
  }
  static override flags = {
    about: Flags.string({ description: '关于哪一户(编号或门牌)· about this household, by id or door' }),
    person: Flags.string({ description: '关于谁(人员编号)· about this person, by id' }),
    todo: Flags.boolean({ description: '要办,明天提醒 · to be done; on the list from tomorrow' }),
    due: dayFlag({ description: '要办,从这天起提醒 · to be done; on the list from this day' }),
    grid: gridFlag({ description: '哪个网格;只有一个时不用写 · in which grid, where there are several' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DiaryAdd)
    const text = this.must(await new GivenText().value(args.TEXT))
    const station = await this.open(flags)
    const pick = (type: 'household' | 'person', id: string) =>
      this.must(pickRecord(station, type, id, this.language)).id
    const household = flags.about === undefined ? undefined : pick('household', flags.about)
    const person = flags.person === undefined ? undefined : pick('person', flags.person)
    const grids = station.spaces().filter(({ kind }) => kind === 'grid')
    const named = this.must(pickGrid(openRecordSet(station, { follow: false, spaces: [] }), flags.grid))
    const space = named?.space ?? (grids.length === 1 ? grids[0]!.id : undefined)
    const { today } = todayOf(station, this.language)
    const dueOn = flags.due ?? (flags.todo ? addDays(today, 1) : undefined)
    const added = this.must(
      await addDiary(station, {
        text,
        ...(household === undefined ? {} : { household }),
        ...(person === undefined ? {} : { person }),
        ...(space === undefined ? {} : { space }),
        ...(dueOn === undefined ? {} : { dueOn }),
      }),
    )
    this.print(
      this.words([
        `已记下:${shortId(added.diary)}${dueOn === undefined ? '' : `,${dueOn} 起在待办里`}`,
        `Written: ${shortId(added.diary)}${dueOn === undefined ? '' : `, to be done from ${dueOn}`}`,
      ]),
    )
    return { ...added, dueOn: dueOn ?? null }
  }
}
