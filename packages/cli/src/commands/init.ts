import { hostname } from 'node:os'
import { createCommunity } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { spacesOf } from '../station/names.ts'

export default class Init extends DoorstepCommand {
  static override description = '建立社区和第一台工作站 · Found a community on this machine'
  static override examples = ['doorstep init --community 测试社区 --member 测试员甲 --grid 一号网格']
  static override flags = {
    community: Flags.string({ required: true, description: '社区名称 · name of the community' }),
    member: Flags.string({ required: true, description: '您的称呼 · what you are called' }),
    grid: Flags.string({
      required: true,
      multiple: true,
      description: '网格名称,可多个 · name of a grid, repeatable',
    }),
    station: Flags.string({ description: '这台机器的名称 · name of this machine' }),
    'time-zone': Flags.string({ description: '时区,如 Asia/Shanghai · IANA time zone' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Init)
    const station = this.must(
      await createCommunity({
        home: this.homeOf(flags),
        secret: await this.secretOf(flags, 'create'),
        community: flags.community,
        member: flags.member,
        grids: flags.grid,
        stationName: flags.station ?? hostname(),
        ...(flags['time-zone'] ? { timeZone: flags['time-zone'] } : {}),
      }),
    )
    const { community, member, station: id } = station.identity
    const report = { community, station: id, member, spaces: spacesOf(station) }
    await station.close()
    this.print(
      this.words([
        `社区“${flags.community}”建好了,${flags.grid.length} 个网格。下一步:\n  doorstep import 登记表.csv --mapping 对照.json\n  doorstep member invite --role worker --name 姓名 --grid ${flags.grid[0]} --out 邀请.json`,
        `The community "${flags.community}" is founded, with ${flags.grid.length} grid(s). Next:\n  doorstep import REGISTER.csv --mapping MAPPING.json\n  doorstep member invite --role worker --name NAME --grid ${flags.grid[0]} --out INVITE`,
      ]),
    )
    return report
  }
}
