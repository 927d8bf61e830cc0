import { fail, offerForm } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { formRowsHere } from '../../station/forms-here.ts'

export default class FormRetire extends DoorstepCommand {
  static override description =
    '停用表单或它的一个版本;填过的仍可读 · Retire a form or one version of it; what was filled in stays readable'
  static override args = { ID: idArg('表单编号 · id of the form') }
  static override flags = {
    version: Flags.string({
      description: '只停用这个版本,默认全部 · this version alone; all of them if not given',
    }),
    undo: Flags.boolean({ description: '重新启用 · offer it again' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormRetire)
    const undo = flags.undo === true
    const station = await this.open(flags)
    const all = formRowsHere(station, this.language).filter(({ id }) => id === args.ID)
    if (all.length === 0) this.must(fail({ type: 'no-such-form', form: args.ID }))
    const named = all.filter(({ version }) => flags.version === undefined || version === flags.version)
    if (named.length === 0)
      this.must(
        fail({
          type: 'no-such-form-version',
          form: args.ID,
          version: flags.version,
          versions: all.map(({ version }) => version || '—'),
        }),
      )
    const own = named.filter(({ record }) => record !== null)
    if (own.length === 0) this.must(fail({ type: 'form-builtin', form: args.ID }))
    const changed = own.filter(({ retired }) => retired === undo)
    for (const { record } of changed) this.must(await offerForm(station, { record: record!, retired: !undo }))
    const versions = own.map(({ version }) => version)
    const words = versions.map((one) => one || '—').join('、')
    this.print(
      undo
        ? this.words([
            `${args.ID} 重新启用(版本 ${words})。`,
            `${args.ID} is offered again (version ${words}).`,
          ])
        : this.words([
            `${args.ID} 停用了(版本 ${words})。填过的和填了一半的都还在。`,
            `${args.ID} is retired (version ${words}). What was filled in, and drafts, stay.`,
          ]),
    )
    return { form: args.ID, versions, retired: !undo }
  }
}
