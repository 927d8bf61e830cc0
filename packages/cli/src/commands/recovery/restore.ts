import { fail, parseShares, restoreFoundingKey, type Share } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { GivenText } from '../../station/given-text.ts'

export default class RecoveryRestore extends DoorstepCommand {
  static override description = '用恢复单找回社区的创始密钥 · Bring back the founding key from printed shares'
  static override examples = [
    'doorstep recovery restore --share 1.txt --share 3.txt --share 4.txt',
    'doorstep recovery restore --share -   # 逐行输入 · typed line by line',
  ]
  static override flags = {
    share: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      description: '恢复单文件,- 为标准输入 · file with a sheet, - for standard input',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(RecoveryRestore)
    const station = await this.open(flags)
    const given = new GivenText()
    const shares: Share[] = []
    for (const file of flags.share) {
      if (file === '-' && process.stdin.isTTY)
        this.tell([
          '逐行输入恢复单上带编号的四行,一份接一份;完了按 Ctrl-D。',
          'Type the four numbered lines of each sheet, one sheet after the other; Ctrl-D at the end.',
        ])
      const parsed = parseShares(this.must(await given.file(file)))
      if (!parsed.ok) return this.must(fail({ ...parsed.problem, file }))
      shares.push(...parsed.value)
    }
    this.must(await restoreFoundingKey(station, shares))
    this.print(
      this.words([
        '找回了:经核对就是这个社区的创始密钥,已封存在本机。',
        'It is back: proved to be the founding key of this community, and kept on this machine, sealed.',
      ]),
    )
    return { restored: true, community: station.identity.community, shares: shares.length }
  }
}
