import { builtinRules, parseReadingsMapping, type Rule, replayReadings } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { idArg, wrongUse } from '../../flags.ts'
import { fileChunks } from '../../station/file-chunks.ts'
import { ruleLimits } from '../../station/pick-rule.ts'
import { replayJson, replayText } from '../../voice/replay-text.ts'

export default class RuleReplay extends DoorstepCommand {
  static override description =
    '拿过去的读数试规则:会报多少次警 · Try rules on past readings: how often they would have told something'
  static override examples = [
    'doorstep rule replay 水表.csv --mapping 水表对照.json',
    'doorstep rule replay export.csv.gz --mapping water.mapping.json --rule water-none-24h --try water-none-24h:below=0.008',
  ]
  static override args = {
    FILE: idArg('导出的读数(CSV、.csv.gz 或 .xlsx)· exported readings, a CSV (.gz too) or an .xlsx'),
  }
  static override flags = {
    mapping: Flags.string({ required: true, description: '对照文件:哪一列是什么 · what each column means' }),
    rule: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CODE',
      description: '只试这条,默认全部 · this rule only, all if not given',
    }),
    try: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CODE:LIMIT=VALUE,…',
      description: '再试改过的一条 · a changed one too',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RuleReplay)
    const mapping = this.must(parseReadingsMapping(this.must(readBytes(flags.mapping)).toString('utf8')))
    const signals = new Set<string>(mapping.readings.map(({ signal }) => signal))
    const whole = (flags.rule ?? builtinRules.map(({ id }) => id)).map(ruleNamed)
    const asked = [...whole, ...(flags.try ?? []).map(changed)]
    // Leave is not known of the past, and silence is not in a file.
    const rules = asked.filter(
      ({ signal, kind }) => signal !== null && signals.has(signal) && kind !== 'away-use',
    )
    if (rules.length === 0) wrongUse('这些读数没有可试的规则', 'there is no rule to try on such readings')
    const file = this.must(fileChunks(args.FILE))
    const replay = this.must(await replayReadings({ chunks: file.chunks, mapping, nowMs: Date.now() }, rules))
    this.print(replayText(replay, this.language))
    return replayJson(replay)
  }
}

function ruleNamed(code: string): Rule {
  const rule = builtinRules.find(({ id }) => id === code)
  return (
    rule ??
    wrongUse(
      `没有规则 “${code}”,有:${builtinRules.map(({ id }) => id).join('、')}`,
      `no rule "${code}"; there are: ${builtinRules.map(({ id }) => id).join(', ')}`,
    )
  )
}

/** `water-none-24h:below=0.008,hours=48` */
function changed(text: string): Rule {
  const [code = '', pairs = ''] = text.split(':', 2)
  const rule = ruleNamed(code)
  const limits = ruleLimits(pairs.split(',').filter((pair) => pair !== ''))
  return { ...rule, id: text, limits: { ...rule.limits, ...limits } }
}
