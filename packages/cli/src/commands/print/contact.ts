import { communityCard, editRecord, fail } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { officeContact } from '../../station/office-contact.ts'

export default class PrintContact extends DoorstepCommand {
  static override description =
    '印在通知和回执上的联系方式 · How residents reach the office, as printed on notices and receipts'
  static override examples = ['doorstep print contact "社区居委会 0571-0000 0000,周一至周五 9–17 点"']
  static override args = {
    TEXT: Args.string({ ignoreStdin: true, description: '联系方式;不写只看 · the text; without it, tells' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PrintContact)
    const station = await this.open(flags)
    if (args.TEXT !== undefined) {
      const card = communityCard(station)
      this.must(
        card
          ? await editRecord(station, { record: card.id, set: { contact: args.TEXT } })
          : fail({ type: 'role-may-not', role: station.member()?.role ?? null, action: 'community.edit' }),
      )
    }
    const contact = officeContact(station)
    this.print(contact ?? this.words(['还没有写联系方式。', 'No contact is written down yet.']))
    return { contact }
  }
}
