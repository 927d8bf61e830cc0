import { listTemplates } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { memberNames } from '../../station/names.ts'
import { todayOf } from '../../station/today.ts'
import { templatesText } from '../../voice/template-text.ts'
import { isoTime } from '../../voice/time.ts'

export default class TemplateList extends DoorstepCommand {
  static override description = '社区的报表模板 · The community’s report templates'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(TemplateList)
    const station = await this.open(flags)
    const rows = listTemplates(station)
    const names = memberNames(station)
    this.print(templatesText(rows, todayOf(station, this.language), (id) => names.get(id) ?? id))
    return { templates: rows.map(({ addedAtMs, ...row }) => ({ ...row, addedAt: isoTime(addedAtMs) })) }
  }
}
