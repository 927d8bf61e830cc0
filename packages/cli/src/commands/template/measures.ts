import { dimensions, measures, ratios } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { measuresText } from '../../voice/template-text.ts'

export default class TemplateMeasures extends DoorstepCommand {
  static override description = '模板里能写哪些数和条件 · The numbers and filters that a template may name'

  async run(): Promise<unknown> {
    await this.parse(TemplateMeasures)
    this.print(measuresText(this.language))
    return {
      measures: Object.entries(measures).map(([name, { words, label, filters, sensitive }]) => ({
        name,
        words,
        label,
        filters: [...filters, 'month', 'from', 'until'],
        aboutResidents: sensitive,
      })),
      ratios: Object.entries(ratios).map(([name, { words, label, part, whole }]) => ({
        name,
        words,
        label,
        part,
        whole,
      })),
      filters: Object.entries(dimensions).map(([name, { label, choices }]) => ({
        name,
        label,
        values: choices,
      })),
    }
  }
}
