import { openSweep, sweepCard } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag } from '../../flags.ts'
import { pickBuilding } from '../../station/pick-place.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { sweepJson, sweepText } from '../../voice/sweep-text.ts'

export default class SweepOpen extends DoorstepCommand {
  static override description =
    '开一次敲门行动:哪些门、哪几天、哪张表 · Open a sweep: which doors, which days, which form'
  static override examples = [
    'doorstep sweep open 冬季敲门行动 --grid 一号网格 --to 2026-12-01',
    'doorstep sweep open 独居老人排查 --tag elderly-alone-80 --form home-safety-check',
  ]
  static override args = {
    NAME: Args.string({ required: true, ignoreStdin: true, description: '名称 · what it is called' }),
  }
  static override flags = {
    grid: Flags.string({
      multiple: true,
      description: '哪个网格,可写几个;不写就是全部 · in which grids, all of yours if not given',
    }),
    building: Flags.string({
      multiple: true,
      description: '只走这几幢(名称或编号)· these buildings only, by name or id',
    }),
    tag: Flags.string({ description: '只走有这个标签或类别的 · only doors with this tag or category' }),
    form: Flags.string({ description: '填了这张表才算访到 · a visit counts with this form only' }),
    from: dayFlag({ description: '从哪天起,默认今天 · from which day, today if not given' }),
    to: dayFlag({ description: '到哪天止,默认一周 · its last day, after a week if not given' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SweepOpen)
    const station = await this.open(flags)
    const { set } = this.must(recordsOfGrid(station, undefined))
    const now = todayOf(station, this.language)
    const buildings = (flags.building ?? []).map((text) => this.must(pickBuilding(set, text, this.language)))
    const grids = flags.grid
      ? flags.grid.map((text) => this.must(recordsOfGrid(station, text)).grid!.space)
      : buildings.length > 0
        ? buildings.map(({ space }) => space)
        : station.spaces().flatMap(({ id, kind }) => (kind === 'grid' ? [id] : []))
    const opened = this.must(
      await openSweep(station, {
        name: args.NAME,
        grids,
        buildings: buildings.map(({ id }) => id),
        ...(flags.tag === undefined ? {} : { tag: flags.tag }),
        ...(flags.form === undefined ? {} : { form: flags.form }),
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.to === undefined ? {} : { to: flags.to }),
      }),
    )
    const card = sweepCard(this.must(recordsOfGrid(station, undefined)).set, opened.round, {
      on: now.today,
      language: this.language,
    })
    if (!card) throw new Error(`opened sweep ${opened.round} is not there`)
    this.print(sweepText(card, now, false))
    return { ...sweepJson(card), entries: opened.entries }
  }
}
