import {
  caseCard,
  caseSteps,
  dispatchCase,
  findDesks,
  isCaseStep,
  openRecordSet,
  type Projection,
  type ReturnReason,
  returnReasons,
  type Satisfaction,
  type Station,
  satisfactions,
  stateLabel,
  stepCase,
  stepLabel,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { memberNamed } from '../../station/names.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { nextText } from '../../voice/case-text.ts'
import { caseJson } from '../../voice/json.ts'

export default class CaseStep extends DoorstepCommand {
  static override description = '案件的下一步 · The next step of a case'
  static override examples = [
    'doorstep case step ca-7f2 dispatch --to 物业 --due 2026-12-01',
    'doorstep case step ca-7f2 return --note 不归我们管 --because wrong-desk',
    'doorstep case step ca-7f2 approve',
    'doorstep case step ca-7f2 call-back --satisfaction satisfied --spoke-to 女儿',
  ]
  static override args = {
    ID: idArg('案件编号 · id of the case'),
    STEP: Args.string({
      required: true,
      ignoreStdin: true,
      options: Object.keys(caseSteps),
      description: '步骤 · which step',
    }),
  }
  static override flags = {
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明或原因 · a note, or why' }),
    to: Flags.string({
      helpValue: 'MEMBER|ORG',
      description: '交给哪个成员、协作台或单位 · to a member, a desk or a unit',
    }),
    due: dayFlag({ description: '这一步以后的期限 · the limit from here on' }),
    of: Flags.string({
      helpValue: 'STEP',
      description: '批哪个申请,只有一个时不写 · which request, when several wait',
    }),
    because: Flags.option({ options: Object.keys(returnReasons) as ReturnReason[] })({
      description: '退回的原因:wrong-desk 是派错了 · why it comes back; wrong-desk: sent to the wrong hands',
    }),
    satisfaction: Flags.option({ options: Object.keys(satisfactions) as Satisfaction[] })({
      description: '回访:满意度 · with call-back: how satisfied',
    }),
    'spoke-to': Flags.string({
      helpValue: 'TEXT|@-',
      description: '回访:和谁说的 · with call-back: with whom',
    }),
    'no-photo': Flags.string({
      helpValue: 'TEXT|@-',
      description: '结案:为什么没有整改后的照片 · with close: why there is no picture of the result',
    }),
    reopen: Flags.boolean({ description: '回访后重开 · with call-back: open it again' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseStep)
    if (!isCaseStep(args.STEP)) throw new Error('oclif let an unknown step through')
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'case', args.ID, this.language))
    const told = await this.#take(station, id, args.STEP, note, flags)
    if (flags.reopen && args.STEP === 'call-back')
      this.must(await stepCase(station, { case: id, step: 'reopen' }))
    const set = openRecordSet(station, { follow: false })
    const card = caseCard(set, id, {
      on: todayOf(station, this.language).today,
      nowMs: station.now,
      language: this.language,
    })
    if (!card) throw new Error(`stepped case ${id} is not there`)
    const step = stepLabel(args.STEP, this.language)
    if (told.awaits)
      this.print(this.words([`${step}已申请,等站长批。`, `"${step}" is asked for and waits for a chief.`]))
    this.print(stateLabel(card.state, this.language))
    this.print(nextText(card, this.language))
    return {
      case: id,
      ...caseJson(card),
      awaits: told.awaits,
      dispatch: told.dispatch,
      entries: told.entries,
    }
  }

  /** A dispatch to a desk by its name goes to the desk; to anybody else it is noted on the case. */
  async #take(
    station: Station,
    id: string,
    step: StepName,
    note: string | undefined,
    flags: StepFlags,
  ): Promise<{ awaits: boolean; dispatch: string | null; entries: readonly object[] }> {
    const { to, due, of, because, satisfaction } = flags
    const common = {
      case: id,
      ...(note === undefined ? {} : { note }),
      ...(due === undefined ? {} : { due }),
    }
    const desk = step === 'dispatch' && to !== undefined ? deskNamed(station, station.get(id), to) : null
    if (desk !== null) {
      const sent = this.must(await dispatchCase(station, { ...common, desk, language: this.language }))
      return { awaits: false, dispatch: sent.dispatch, entries: sent.entries }
    }
    const given = new GivenText()
    const text = async (value: string | undefined) =>
      value === undefined ? undefined : this.must(await given.value(value))
    const [spokeTo, noPhoto] = [await text(flags['spoke-to']), await text(flags['no-photo'])]
    const stepped = this.must(
      await stepCase(station, {
        ...common,
        step,
        ...(to === undefined ? {} : { to: memberNamed(station, to) ?? to }),
        ...(of === undefined ? {} : { of }),
        ...(because === undefined ? {} : { because }),
        ...(satisfaction === undefined ? {} : { satisfaction }),
        ...(spokeTo === undefined ? {} : { spokeTo }),
        ...(noPhoto === undefined ? {} : { noPhoto }),
      }),
    )
    return { awaits: stepped.awaits, dispatch: null, entries: stepped.entries }
  }
}

type StepName = keyof typeof caseSteps
type StepFlags = {
  readonly to?: string | undefined
  readonly due?: string | undefined
  readonly of?: string | undefined
  readonly because?: ReturnReason | undefined
  readonly satisfaction?: Satisfaction | undefined
  readonly 'spoke-to'?: string | undefined
  readonly 'no-photo'?: string | undefined
}

/** The space of the case's grid's desk of exactly this name. */
function deskNamed(station: Station, record: Projection | null, name: string): string | null {
  const desks = findDesks(openRecordSet(station, { follow: false }), name).filter(
    (desk) => desk.grid === record?.space && (desk.name === name || desk.space === name),
  )
  return desks.length === 1 ? desks[0]!.space : null
}
