import { daysBetween, dueList, openAbsenceCase, openRecordSet } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag, wrongUse } from '../../flags.ts'
import { pickRecord, recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { absenceWords } from '../../voice/absence-words.ts'
import { say } from '../../voice/language.ts'
import { table } from '../../voice/table.ts'
import { lateWords } from '../../voice/time.ts'
import { shortId } from '../../voice/value-text.ts'

/** Whoever is due within a lifetime. */
const EVER_DAYS = 36_500

export default class VisitMissed extends DoorstepCommand {
  static override description = '没见到人的,下一步怎么办 · Who was not met, and what comes next'
  static override examples = ['doorstep visit missed', 'doorstep visit missed 1-2-301 --open-case']
  static override args = {
    HOUSEHOLD: Args.string({
      ignoreStdin: true,
      description: '只看这一户(编号或门牌)· of this household, by id or door',
    }),
  }
  static override flags = {
    'open-case': Flags.boolean({
      description: '为这一户开案;两台各开一次也只有一件 · open its case; opened on two machines it is one',
    }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(VisitMissed)
    const { language } = this
    if (flags['open-case'] && args.HOUSEHOLD === undefined)
      wrongUse('--open-case 要说是哪一户', '--open-case needs a household')
    const station = await this.open(flags)
    const household =
      args.HOUSEHOLD === undefined
        ? null
        : this.must(pickRecord(station, 'household', args.HOUSEHOLD, language)).id
    if (flags['open-case'] && household !== null) {
      const opened = this.must(
        await openAbsenceCase(station, openRecordSet(station, { follow: false }), household),
      )
      this.print(
        opened.opened
          ? this.words([`已开案:${shortId(opened.case)}`, `Case opened: ${shortId(opened.case)}`])
          : this.words([`已有这件案件:${shortId(opened.case)}`, `There already: ${shortId(opened.case)}`]),
      )
      return opened
    }
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const { today } = todayOf(station, language)
    const missed = dueList(set, {
      on: today,
      aheadDays: EVER_DAYS,
      language,
      ...(grid ? { grid: grid.space } : {}),
    }).flatMap(({ absence, ...one }) =>
      absence && (household === null || one.household === household) ? [{ ...one, absence }] : [],
    )
    this.print(
      missed.length === 0
        ? this.words(['没有没见到人的。', 'Nobody was missed.'])
        : table(
            [
              say(language, ['地址', 'Address']),
              say(language, ['住户', 'Household']),
              say(language, ['自', 'Since']),
              say(language, ['下一步', 'Next']),
              say(language, ['何时', 'When']),
              'id',
            ],
            missed.map(({ address, name, absence, household: id }) => [
              address,
              name ?? '',
              absence.since,
              say(language, absenceWords(absence)),
              absence.next ? lateWords(daysBetween(absence.next.dueOn, today), language) : '',
              shortId(id),
            ]),
          ),
    )
    return {
      missed: missed.map(({ household: id, name, address, absence }) => ({
        household: id,
        name,
        address,
        ...absence,
      })),
    }
  }
}
