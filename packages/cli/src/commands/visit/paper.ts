import { fail, findForm, findSheet, openRecordSet, recordVisit } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { formVersionsHere } from '../../station/forms-here.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { sheetFacts, sheetFoundText } from '../../voice/sheet-found-text.ts'
import { isoTime } from '../../voice/time.ts'
import { shortId } from '../../voice/value-text.ts'

export default class VisitPaper extends DoorstepCommand {
  static override description =
    '照纸表的编号填进来;不给回答就只说这张纸是什么 · Types a printed sheet in by its code; without answers, says what the sheet is'
  static override examples = [
    'doorstep visit paper 7K3M-20QX-8HTR',
    'doorstep visit paper 7K3M-20QX-8HTR --answers 回答.json --on 2026-11-24',
  ]
  static override args = { CODE: idArg('纸表右上角的编号 · the code at the top right of the sheet') }
  static override flags = {
    answers: Flags.string({ helpValue: 'FILE|-', description: '回答(JSON)· answers as JSON' }),
    outcome: Flags.option({ options: ['met', 'absent', 'refused'] as const, default: 'met' as const })({
      description: '见到本人、无人应答、拒访 · what came of it',
    }),
    on: dayFlag({ description: '纸表是哪天填的 · the day on which the sheet was filled in' }),
    household: Flags.string({ description: '空白表:是哪一户 · of a blank sheet: which household' }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '备注 · a note' }),
    again: Flags.boolean({ description: '已填过也再记一次 · even if it was typed in before' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(VisitPaper)
    const given = new GivenText()
    const answers = flags.answers === undefined ? undefined : this.must(await given.json(flags.answers))
    const note = flags.note === undefined ? undefined : this.must(await given.value(flags.note))
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const now = todayOf(station, this.language)
    const sheet = this.must(
      findSheet(set, args.CODE, {
        community: station.identity.community,
        forms: formVersionsHere(station),
        today: now.today,
      }),
    )
    const facts = sheetFacts(set, sheet, this.language)
    const isRecorded = answers !== undefined || flags.outcome !== 'met'
    if (!isRecorded) {
      this.print(sheetFoundText(sheet, facts, now))
      return {
        code: sheet.code,
        blank: sheet.blank,
        households: facts.households,
        form: sheet.form.id,
        version: sheet.form.version,
        printedOn: sheet.printedOn,
        copy: sheet.copy,
        typedIn: sheet.typedIn.map(({ by, atMs, ...one }) => ({
          ...one,
          by: by.member,
          byName: by.name,
          at: isoTime(atMs),
        })),
      }
    }
    // A date that nobody gave would be a guess: sheets are typed in days later.
    if (flags.on === undefined) this.must(fail({ type: 'sheet-day-needed', code: args.CODE }))
    const household =
      flags.household === undefined
        ? this.must(oneHousehold(sheet.households, args.CODE, facts.households))
        : this.must(pickRecord(station, 'household', flags.household, this.language)).id
    if (!sheet.blank && !sheet.households.includes(household))
      this.must(fail({ type: 'sheet-of-another', code: args.CODE, matches: facts.households }))
    const form = findForm(station, sheet.form.id, { version: sheet.form.version })
    const recorded = this.must(
      await recordVisit(station, {
        household,
        outcome: flags.outcome,
        mode: 'paper',
        on: flags.on!,
        sheet: sheet.code,
        again: flags.again,
        language: this.language,
        ...(form ? { form: form.id, formVersion: form.version } : {}),
        ...(answers === undefined ? {} : { answers }),
        ...(note === undefined ? {} : { note }),
      }),
    )
    const { visit, cases } = recorded
    this.print(
      this.words([
        `已存好:探访 ${shortId(visit)}${cases.length > 0 ? `,开了 ${cases.length} 件案件:${cases.map(shortId).join(' ')}` : ''}`,
        `Saved: visit ${shortId(visit)}${cases.length > 0 ? `, and ${cases.length} case(s) opened: ${cases.map(shortId).join(' ')}` : ''}`,
      ]),
    )
    return recorded
  }
}

const oneHousehold = (
  households: readonly string[],
  code: string,
  matches: readonly { readonly id: string; readonly title: string }[],
) =>
  households.length === 1
    ? ({ ok: true, value: households[0]! } as const)
    : fail({ type: 'sheet-household-needed', code, matches })
