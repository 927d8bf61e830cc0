import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { forgetFoundingKey, ok, type Result, splitFoundingKey, stationCalendar } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { spacesOf } from '../../station/names.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { recoverySheet } from '../../voice/recovery-sheet.ts'

export default class RecoveryPrint extends DoorstepCommand {
  static override description =
    '把社区的创始密钥分成几份打印 · Print the founding key of the community in shares'
  static override examples = [
    'doorstep recovery print --shares 5 --threshold 3 | lp',
    'doorstep recovery print --out-dir /media/stick --forget',
  ]
  static override flags = {
    shares: Flags.integer({ default: 5, description: '共几份 · how many shares' }),
    threshold: Flags.integer({ default: 3, description: '恢复要几份 · how many of them are needed' }),
    out: Flags.string({ description: '全部写进一个文件 · all in one file', exclusive: ['out-dir'] }),
    'out-dir': Flags.string({ description: '每份一个文件 · a file for each' }),
    forget: Flags.boolean({
      description:
        '印好后从本机删掉:以后只有纸上有 · then remove it from this machine: only the paper has it',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(RecoveryPrint)
    const station = await this.open(flags)
    const { shares: count, threshold } = flags
    const shares = this.must(await splitFoundingKey(station, { shares: count, threshold }))
    const { community } = station.identity
    const communityName = spacesOf(station).find(({ kind }) => kind === 'community')?.name ?? ''
    const on = stationCalendar(station).dayOf(station.now)
    const sheets = shares.map((share) =>
      recoverySheet(share, { community, communityName, shares: count, on }),
    )
    const files = this.must(writeSheets(sheets, flags))
    if (files.length === 0) this.print(sheets.join(PAGE_BREAK))
    if (flags.forget) forgetFoundingKey(station)
    this.tell(
      flags.forget
        ? [
            `本机已删掉创始密钥。从现在起,只有凑齐 ${threshold} 份恢复单才能找回;丢得只剩 ${threshold - 1} 份,就永远找不回了。先核对印出来的都读得清。`,
            `The founding key was removed from this machine. From now on only ${threshold} of these sheets bring it back; with ${threshold - 1} left it is gone for good. Check that every sheet can be read.`,
          ]
        : [
            '创始密钥还留在本机。恢复单都收好以后:doorstep recovery print --forget 再印一次并删掉。',
            'The founding key is still on this machine, too. When the sheets are safe, print once more with --forget.',
          ],
    )
    return {
      community,
      communityName,
      shares: count,
      threshold,
      printedOn: on,
      forgotten: flags.forget,
      ...(files.length > 0 ? { files } : { sheets }),
    }
  }
}

/** A new page on every printer that takes text. */
const PAGE_BREAK = '\f'

function writeSheets(
  sheets: readonly string[],
  { out, 'out-dir': folder }: { readonly out?: string | undefined; readonly 'out-dir'?: string | undefined },
): Result<string[]> {
  const files = out
    ? [{ path: out, text: sheets.join(PAGE_BREAK) }]
    : folder
      ? sheets.map((text, at) => ({ path: join(folder, `recovery-${at + 1}-of-${sheets.length}.txt`), text }))
      : []
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { path, text } of files) {
    const written = writeFileOnce(path, text)
    if (!written.ok) return written
  }
  return ok(files.map(({ path }) => path))
}
