import {
  errandCard,
  errandStateLabel,
  errandSteps,
  isErrandStep,
  openRecordSet,
  stepErrand,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { errandJson, nextErrandText, withUsText } from '../../voice/errand-text.ts'

const moneyFlag = Flags.custom<number>({
  helpValue: '12.50',
  parse: async (text) => {
    const [, yuan = '', rest = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
    return yuan === ''
      ? wrongUse(`“${text}” 不是钱数,应像 12.50`, `"${text}" is no amount of money, it should be like 12.50`)
      : Number(yuan) * 100 + Number(rest.padEnd(2, '0'))
  },
})

export default class ErrandStep extends DoorstepCommand {
  static override description = '代办的下一步 · The next step of an errand'
  static override examples = [
    'doorstep errand step ed-7f2 take --paper 身份证复印件 --paper 存折 --money 100 --counted',
    'doorstep errand step ed-7f2 sign --relation 女儿',
    'doorstep errand step ed-7f2 done --receipt 20261126-08 --note 已受理',
  ]
  static override args = {
    ID: idArg('代办编号 · id of the errand'),
    STEP: Args.string({
      required: true,
      ignoreStdin: true,
      options: Object.keys(errandSteps).filter((step) => step !== 'request'),
      description: '步骤 · which step',
    }),
  }
  static override flags = {
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明或原因 · a note, or why' }),
    paper: Flags.string({
      multiple: true,
      description: '收了、还了、交了哪份材料 · a paper that was taken, given back or handed in',
    }),
    money: moneyFlag({ description: '收、付、还了多少元 · money taken, paid or given back, in yuan' }),
    counted: Flags.boolean({ description: '当着本人点清 · counted before the person' }),
    on: dayFlag({ description: '约在哪天 · the day appointed' }),
    due: dayFlag({ description: '这一步以后的期限 · the limit from here on' }),
    relation: Flags.string({ description: '家属代签:与本人关系 · a relative signed: the relation' }),
    receipt: Flags.string({ description: '回执、票据号 · number of a receipt' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ErrandStep)
    if (!isErrandStep(args.STEP)) throw new Error('oclif let an unknown step through')
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'errand', args.ID, this.language))
    const stepped = this.must(
      await stepErrand(station, {
        errand: id,
        step: args.STEP,
        papers: flags.paper ?? [],
        counted: flags.counted,
        ...(note === undefined ? {} : { note }),
        ...(flags.money === undefined ? {} : { fen: flags.money }),
        ...(flags.on === undefined ? {} : { on: flags.on }),
        ...(flags.due === undefined ? {} : { due: flags.due }),
        ...(flags.relation === undefined ? {} : { relation: flags.relation }),
        ...(flags.receipt === undefined ? {} : { receipt: flags.receipt }),
      }),
    )
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const { today } = todayOf(station, this.language)
    const card = errandCard(set, id, { on: today, language: this.language })
    if (!card) throw new Error(`stepped errand ${id} is not there`)
    const left = withUsText(card, this.language)
    this.print([errandStateLabel(card.state, this.language), left].filter(Boolean).join('  '))
    this.print(nextErrandText(card, this.language))
    return { errand: id, ...errandJson(card), entries: stepped.entries }
  }
}
