import {
  decideDevice,
  fail,
  isReviewChoice,
  listReviews,
  openRecordSet,
  quarterAt,
  quarterOf,
  reviewChoices,
  reviewOf,
  type Sayer,
  sayers,
  sayOfDevice,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord, recordsOfGrid } from '../../station/pick-record.ts'
import { communityName, notePrint, paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { todayOf } from '../../station/today.ts'
import { reviewsText, reviewText } from '../../voice/device-review-text.ts'
import { isoTime } from '../../voice/time.ts'
import { shortId } from '../../voice/value-text.ts'

const CHOICES = Object.keys(reviewChoices)

export default class DeviceReview extends DoorstepCommand {
  static override description =
    '设备季度评估:在线、误报、谁用、费用、投诉、寿命,建议留、修、停;问住户,站长决定 · Quarterly review of devices: online, false alarms, used by whom, cost, complaints, age; keep, repair or retire; residents are asked, the chief decides'
  static override examples = [
    'doorstep device review --quarter 2026Q4 --grid 一号网格',
    'doorstep device review de-7f2 --says retire --words 夜里老叫',
    'doorstep device review de-7f2 --decide retire --why 误报多,住户不要',
    'doorstep device review --quarter 2026Q4 --to 评估.pdf',
  ]
  static override args = {
    DEVICE: Args.string({
      ignoreStdin: true,
      description: '设备编号;不写列全部 · id of a device; without it, all',
    }),
  }
  static override flags = {
    quarter: Flags.string({
      helpValue: '2026Q4',
      description: '哪个季度,默认本季 · which quarter; the present one if not given',
    }),
    grid: gridFlag(),
    says: Flags.option({ options: [...CHOICES, 'undecided'] })({
      description: '记下住户的意见 · note what the resident wants',
    }),
    from: Flags.option({ options: Object.keys(sayers) as Sayer[] })({
      dependsOn: ['says'],
      description: '谁说的,默认住户 · whose word it is; the resident’s if not given',
    }),
    words: Flags.string({ helpValue: 'TEXT|@-', description: '原话 · in their words' }),
    decide: Flags.option({ options: CHOICES })({
      dependsOn: ['why'],
      exclusive: ['says'],
      description: '站长的决定 · what the chief decides',
    }),
    why: Flags.string({ helpValue: 'TEXT|@-', description: '为什么 · why' }),
    ...printFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceReview)
    const given = new GivenText()
    const words = flags.words === undefined ? undefined : this.must(await given.value(flags.words))
    const why = flags.why === undefined ? '' : this.must(await given.value(flags.why))
    if ((flags.says ?? flags.decide) !== undefined && args.DEVICE === undefined)
      wrongUse('说的是哪台设备?', 'which device is it about?')
    const station = await this.open(flags)
    const { today } = todayOf(station, this.language)
    const quarter = quarterOf(flags.quarter ?? quarterAt(today))
    if (!quarter) return this.must(fail({ type: 'bad-quarter', quarter: flags.quarter! }))
    const device =
      args.DEVICE === undefined ? null : this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    let entries: readonly unknown[] = []
    if (device && flags.says !== undefined)
      entries = this.must(
        await sayOfDevice(station, {
          ...{ device: device.id, quarter: quarter.name, from: flags.from ?? 'resident' },
          wants: isReviewChoice(flags.says) ? flags.says : 'undecided',
          ...(words === undefined ? {} : { words }),
        }),
      ).entries
    if (device && isReviewChoice(flags.decide)) {
      const done = this.must(
        await decideDevice(station, { device: device.id, quarter: quarter.name, choice: flags.decide, why }),
      )
      entries = done.entries
      if (done.retired)
        this.tell([
          `已停用 ${shortId(device.id)},结束同意 ${done.consentsEnded.length} 份;网关下次同步后删原始读数。`,
          `${shortId(device.id)} is retired, ${done.consentsEnded.length} consent(s) ended; the gateway erases its raw readings when it next syncs.`,
        ])
    }
    const { set, grid } = device
      ? { set: openRecordSet(station, { follow: false, spaces: [device.space] }), grid: null }
      : this.must(recordsOfGrid(station, flags.grid))
    const reviews = device
      ? [reviewOf(set, set.getA('device', device.id) ?? device, quarter, today)]
      : listReviews(set, quarter, { on: today, ...(grid ? { grid: grid.space } : {}) })
    const printed =
      flags.to === undefined ? null : await this.#print(station, set, reviews, flags, quarter.name)
    if (printed) this.print(this.words(printedWords(printed)))
    else
      this.print(
        device
          ? reviewText(set, reviews[0]!, this.language)
          : reviewsText(set, reviews, quarter.name, this.language),
      )
    return {
      quarter: quarter.name,
      reviews: reviews.map(({ says, decision, ...one }) => ({
        ...one,
        says: says.map(({ atMs, ...word }) => ({ ...word, at: isoTime(atMs) })),
        decision: decision && {
          ...decision,
          atMs: undefined,
          at: isoTime(decision.atMs),
        },
      })),
      ...(entries.length > 0 ? { entries } : {}),
      ...(printed ? { file: printed.file, pages: printed.pages } : {}),
    }
  }

  async #print(
    station: Parameters<typeof notePrint>[0],
    set: Parameters<typeof reviewText>[0],
    reviews: Parameters<typeof reviewsText>[1],
    flags: { readonly to?: string | undefined; readonly size: number },
    quarter: string,
  ) {
    const { deviceReviewPaper } = await import('../../paper/device-review-paper.ts')
    const { writePaper } = await import('../../paper/write-paper.ts')
    const spaces = [...new Set(reviews.flatMap(({ device }) => set.get(device)?.space ?? []))]
    this.must(await notePrint(station, 'review', { spaces, count: reviews.length, reason: quarter }))
    const { today } = todayOf(station, this.language)
    const paper = deviceReviewPaper(set, reviews, {
      ...{ quarter, size: flags.size, community: communityName(station), today },
      language: this.language,
    })
    return this.must(await writePaper(station, paperFile(flags.to, `${quarter}.pdf`), paper.title, [paper]))
  }
}
