import { caseCard, dispatchCase, fail, isShare, openRecordSet, type ShareName, shares } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickDesk, pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { caseJson } from '../../voice/json.ts'
import { shortId } from '../../voice/value-text.ts'

export default class CaseDispatch extends DoorstepCommand {
  static override description =
    '派给协作单位或志愿者:只给办事要知道的 · Send a case to a partner or to volunteers, with what it takes and no more'
  static override examples = [
    'doorstep case dispatch ca-7f2 --to 物业 --note 带梯子 --due 2026-12-01',
    'doorstep case dispatch ca-7f2 --to 物业 --share name,phone',
  ]
  static override args = { CASE: idArg('案件编号 · id of the case') }
  static override flags = {
    to: Flags.string({
      required: true,
      helpValue: 'DESK|NAME',
      description: '派给哪个协作台 · to which desk',
    }),
    title: Flags.string({
      helpValue: 'TEXT|@-',
      description: '给对方看的标题,不写就用案件的 · title for them, else the case’s own',
    }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '给对方的说明 · a note for them' }),
    bring: Flags.string({ helpValue: 'TEXT|@-', description: '要带什么 · what to bring' }),
    due: dayFlag({ description: '期限,不写就用案件的 · to be done by, else the case’s limit' }),
    share: Flags.string({
      helpValue: 'FIELD,…',
      description: `另外告诉对方(会记在案件里)· told besides, and noted in the case: ${Object.keys(shares).join(', ')}`,
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseDispatch)
    const given = new GivenText()
    const text = async (value: string | undefined) =>
      value === undefined ? undefined : this.must(await given.value(value))
    const [title, note, bring] = [await text(flags.title), await text(flags.note), await text(flags.bring)]
    const share = this.#named(flags.share)
    const station = await this.open(flags)
    const record = this.must(pickRecord(station, 'case', args.CASE, this.language))
    const desk = this.must(pickDesk(station, record.space, flags.to))
    const sent = this.must(
      await dispatchCase(station, {
        case: record.id,
        desk: desk.space,
        language: this.language,
        share,
        ...(title === undefined ? {} : { title }),
        ...(note === undefined ? {} : { note }),
        ...(bring === undefined ? {} : { bring }),
        ...(flags.due === undefined ? {} : { due: flags.due }),
      }),
    )
    const labels = (language: 0 | 1) => sent.shared.map((name) => shares[name].label[language])
    this.print(
      this.words([
        `已派给${desk.name}:派遣 ${shortId(sent.dispatch)}${sent.shared.length > 0 ? `,另告知 ${labels(0).join('、')}` : ''}`,
        `Sent to ${desk.name}: dispatch ${shortId(sent.dispatch)}${sent.shared.length > 0 ? `, telling besides ${labels(1).join(', ')}` : ''}`,
      ]),
    )
    const set = openRecordSet(station, { follow: false })
    const card = caseCard(set, record.id, {
      on: todayOf(station, this.language).today,
      nowMs: station.now,
      language: this.language,
    })
    if (!card) throw new Error(`dispatched case ${record.id} is not there`)
    return {
      dispatch: sent.dispatch,
      desk: { space: desk.space, name: desk.name, kind: desk.kind },
      shared: sent.shared,
      case: record.id,
      ...caseJson(card),
      entries: sent.entries,
    }
  }

  #named(text: string | undefined): readonly ShareName[] {
    const names = (text ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    const unknown = names.find((name) => !isShare(name))
    if (unknown !== undefined)
      this.must(fail({ type: 'not-shareable', field: unknown, fields: Object.keys(shares) }))
    return names.filter(isShare)
  }
}
