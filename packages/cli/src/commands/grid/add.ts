import { addGrid, fail, roles } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class GridAdd extends DoorstepCommand {
  static override description = '新增网格 · Add a grid'
  static override args = { name: Args.string({ required: true, description: '名称 · name' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GridAdd)
    const station = await this.open(flags)
    const me = station.member()
    if (!me || !roles[me.role].acts) this.must(fail({ type: 'role-may-not', role: me?.role ?? null }))
    const id = this.must(await addGrid(station, args.name))
    this.print(this.words([`已新增网格 ${args.name}。`, `Added the grid ${args.name}.`]))
    return { grid: id, name: args.name }
  }
}
