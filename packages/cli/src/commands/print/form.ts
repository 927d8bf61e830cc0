import {
  addressOf,
  addressText,
  dueList,
  fail,
  findForm,
  formById,
  formSheet,
  listHouseholds,
  MOST_COPIES,
  type Projection,
  type RecordSet,
  type Result,
  type Station,
  sheetCode,
  shownFields,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { formPaper } from '../../paper/form-paper.ts'
import { writePaper } from '../../paper/write-paper.ts'
import { readSoundForm } from '../../station/check-read-form.ts'
import { pickRecord, recordsOfGrid } from '../../station/pick-record.ts'
import { communityName, notePrint, paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { todayOf } from '../../station/today.ts'

export default class PrintForm extends DoorstepCommand {
  static override description =
    '把表单印成大字纸表,右上角有编号 · A form as a large-type sheet, with a code to type it in by'
  static override examples = [
    'doorstep print form home-safety-check --household 1-2-301 --to 1-2-301.pdf',
    'doorstep print form home-safety-check --grid 一号网格 --due --to today.pdf',
  ]
  static override args = {
    FORM: Args.string({
      required: true,
      ignoreStdin: true,
      description: '表单编号,或 XLSForm、XForm 文件 · id of a form, or an XLSForm or XForm file',
    }),
  }
  static override flags = {
    household: Flags.string({
      multiple: true,
      description: '给哪几户,编号或门牌 · for these households, by id or door',
    }),
    grid: gridFlag({ exclusive: ['household'] }),
    due: Flags.boolean({
      dependsOn: ['grid'],
      description: '只要今天该去的 · only those who are due today',
    }),
    copies: Flags.integer({
      default: 1,
      min: 1,
      max: MOST_COPIES,
      description: '每户几份,编号各不相同 · sheets for each household, each with a code of its own',
    }),
    ...printFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PrintForm)
    const station = await this.open(flags)
    // A form of the community by its id, in the version that new visits begin with; else a file.
    const form = findForm(station, args.FORM) ?? this.must(await readSoundForm(args.FORM, [], this.language))
    const sheet = this.must(
      await formSheet(form.xml, { language: this.language, attachments: form.attachments }),
    )
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const households = this.must(this.#households(station, set, flags, grid?.space))
    const { today } = todayOf(station, this.language)
    const doors: readonly (Projection | null)[] = households ?? [null]
    const { community } = station.identity
    const papers = doors.flatMap((household) =>
      Array.from({ length: household ? flags.copies : 1 }, (_, copy) => {
        const code = sheetCode({
          community,
          household: household?.id ?? null,
          form: { id: sheet.id, version: sheet.version },
          printedOn: today,
          copy,
        })
        return {
          household: household?.id ?? null,
          copy,
          code,
          paper: formPaper({
            form: { ...sheet, title: formById(sheet.id)?.title[this.language] ?? sheet.title },
            language: this.language,
            size: flags.size,
            code,
            household: household && {
              address: addressText(addressOf(set, household), this.language),
              name: shownFields(household, set.viewer).name as string | null,
            },
            community: communityName(station),
            printedOn: today,
          }),
        }
      }),
    )
    const noted = this.must(
      await notePrint(station, 'sheet', {
        spaces: [...new Set(doors.flatMap((door) => door?.space ?? []))],
        count: papers.length,
        reason: `${sheet.id} v${sheet.version}`,
        ...(doors.length === 1 && doors[0] ? { subject: doors[0].id } : {}),
      }),
    )
    const file = paperFile(flags.to, `${sheet.id}.pdf`)
    const written = this.must(
      await writePaper(
        station,
        file,
        sheet.title,
        papers.map(({ paper }) => paper),
      ),
    )
    this.print(this.words(printedWords(written)))
    return {
      ...written,
      form: sheet.id,
      version: sheet.version,
      export: noted?.export ?? null,
      sheets: papers.map(({ household, copy, code }) => ({ household, copy, code })),
    }
  }

  /** Null for one blank sheet. */
  #households(
    station: Station,
    set: RecordSet,
    flags: { readonly household?: string[] | undefined; readonly due: boolean },
    grid: string | undefined,
  ): Result<readonly Projection[] | null> {
    if (flags.household) {
      const found: Projection[] = []
      for (const text of flags.household) {
        const household = pickRecord(station, 'household', text, this.language)
        if (!household.ok) return household
        found.push(household.value)
      }
      return { ok: true, value: found }
    }
    if (grid === undefined) return { ok: true, value: null }
    const { today } = todayOf(station, this.language)
    const ids = flags.due
      ? dueList(set, { on: today, grid }).map(({ household }) => household)
      : listHouseholds(set, { grid }).map(({ id }) => id)
    const found = ids.flatMap((id) => set.get(id) ?? [])
    return found.length > 0 ? { ok: true, value: found } : fail({ type: 'nobody-due', grid })
  }
}
