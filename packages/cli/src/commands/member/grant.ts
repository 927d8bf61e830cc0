import { fail, grantRequest, parseJoinFile } from '@doorstep/core'
import { writeBundle } from '@doorstep/sync'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'

export default class MemberGrant extends DoorstepCommand {
  static override description = '放行一份申请,写出放行文件 · Grant a request, as a file to carry back'
  static override args = { request: Args.string({ required: true }) }
  static override flags = {
    out: Flags.string({
      required: true,
      description: '放行文件,含对方可见的全部记录(已封存)· the grant, with all records they may see, sealed',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberGrant)
    const station = await this.open(flags)
    const file = this.must(parseJoinFile(this.must(readBytes(args.request)).toString('utf8')))
    if (file.doorstep !== 'request/1') return this.must(fail({ type: 'malformed-file', file: args.request }))
    const granted = this.must(await grantRequest(station, file))
    const written = this.must(await writeBundle(station, flags.out, { forStation: granted.station }))
    this.print(
      this.words([
        `已放行 ${file.stationName}。放行文件 ${flags.out} 带回那台机器:\n  doorstep member join ${flags.out}`,
        `Granted ${file.stationName}. Carry ${flags.out} back to that machine:\n  doorstep member join ${flags.out}`,
      ]),
    )
    return {
      member: granted.member,
      station: granted.station,
      grant: flags.out,
      entries: written.entries,
      bytes: written.bytes,
      carryTo: 'the new machine',
      next: `doorstep member join ${flags.out}`,
    }
  }
}
