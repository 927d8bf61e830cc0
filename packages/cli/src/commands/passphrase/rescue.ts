import { checkRescue, fail, grantRescue, parseRescueFile, type RescueRequest } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { memberNames, stationName } from '../../station/names.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { askYes } from '../../voice/prompt.ts'

export default class PassphraseRescue extends DoorstepCommand {
  static override description =
    '组长:答复忘了口令的申请 · For chiefs: answer the request of somebody who forgot the passphrase'
  static override args = { request: Args.string({ required: true, description: '申请文件 · the request' }) }
  static override flags = {
    out: Flags.string({ required: true, description: '答复写到哪里 · where to write the answer' }),
    fingerprint: Flags.string({
      description: '对方念的指纹,要对得上 · the fingerprint as it was read out; it must match',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PassphraseRescue)
    const file = this.must(parseRescueFile(this.must(readBytes(args.request)).toString('utf8')))
    if (file.doorstep !== 'rescue-request/1')
      return this.must(fail({ type: 'not-a-rescue-file', file: args.request }))
    const station = await this.open(flags)
    const { member } = this.must(checkRescue(station, file))
    const memberName = memberNames(station).get(member) ?? member
    const name = stationName(station, file.station)
    this.tell([
      `申请来自 ${memberName} 的机器“${name}”,写于 ${file.madeAt}。指纹:${file.fingerprint}`,
      `The request is of ${memberName}, machine "${name}", made at ${file.madeAt}. Fingerprint: ${file.fingerprint}`,
    ])
    await this.#compare(file, flags.fingerprint)
    const grant = this.must(await grantRescue(station, file))
    this.must(writeFileOnce(flags.out, JSON.stringify(grant, null, 2)))
    this.print(
      this.words([
        `答复写在 ${flags.out},已记入社区。带回那台机器:\n  doorstep passphrase restore ${flags.out}`,
        `The answer is in ${flags.out}, and it is written down in the community. Carry it back to that machine:\n  doorstep passphrase restore ${flags.out}`,
      ]),
    )
    return {
      station: file.station,
      stationName: name,
      member,
      memberName,
      fingerprint: file.fingerprint,
      grant: flags.out,
      carryTo: 'the machine that asked',
      next: `doorstep passphrase restore ${flags.out}`,
    }
  }

  /** The file may have been exchanged on the way: whoever answers has heard the person read it out. */
  async #compare({ fingerprint }: RescueRequest, heard: string | undefined): Promise<void> {
    const plain = (text: string) => text.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
    const differs =
      heard === undefined
        ? this.onTerminal &&
          !this.jsonEnabled() &&
          !(await askYes(this.language, [
            '您听本人念的指纹,和上面一样吗?',
            'Is it what you heard that person read out?',
          ]))
        : plain(heard) !== plain(fingerprint)
    if (differs) this.must(fail({ type: 'fingerprint-differs', fingerprint }))
  }
}
