import { openRecordSet, openSearch } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { idArg } from '../flags.ts'
import { matchedText, whereText } from '../voice/person-text.ts'
import { table } from '../voice/table.ts'
import { shortId } from '../voice/value-text.ts'

export default class Find extends DoorstepCommand {
  static override description = '找住户和人:地址、姓名、拼音、电话尾号、标签 · Find a door or a person'
  static override examples = ['doorstep find 1-2-301', 'doorstep find csz', 'doorstep find 低保']
  static override args = { TEXT: idArg('要找的 · what to look for') }
  static override flags = {
    limit: Flags.integer({ default: 50, min: 1, description: '最多几条 · how many at most' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Find)
    const set = openRecordSet(await this.open(flags), { follow: false })
    const search = await openSearch(set)
    const matches = search.find(args.TEXT, { limit: flags.limit, language: this.language })
    this.print(
      matches.length === 0
        ? this.words(['没有找到。', 'Nothing found.'])
        : table(
            [this.words(['名称', 'Name']), this.words(['地址', 'Address']), '', '', 'id'],
            matches.map((match) => [
              match.title,
              match.address,
              match.state === null || match.state === 'present' ? '' : whereText(match.state, this.language),
              matchedText(match.why, this.language),
              shortId(match.id),
            ]),
          ),
    )
    return { matches }
  }
}
