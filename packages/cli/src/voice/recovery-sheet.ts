import { type Share, shareLines } from '@doorstep/core'

export type SheetOf = {
  readonly community: string
  readonly communityName: string
  readonly shares: number
  /** YYYY-MM-DD, where it was printed. */
  readonly on: string
}

/** One sheet for the safe: in both languages, for nobody knows who will read it. */
export function recoverySheet(share: Share, { community, communityName, shares, on }: SheetOf): string {
  const { number, threshold } = share
  return [
    'Doorstep 敲门 · 社区恢复单 · Recovery sheet',
    '',
    `社区 community   ${communityName}`,
    `编号 id          ${community}`,
    `第几份 share     ${number} / ${shares}`,
    `需要几份 needed  ${threshold}`,
    `日期 printed on  ${on}`,
    '',
    ...shareLines(share).map((line) => `    ${line}`),
    '',
    `凑齐任意 ${threshold} 份,能恢复社区的创始密钥:它能任命和移除组长。`,
    '一份单独没有用。请分开保管在保险柜里,不要拍照,不要存进电脑。',
    `恢复:在一台工作站上 doorstep recovery restore --share -,逐行输入 ${threshold} 份(每行末四位用来查错)。`,
    '',
    `Any ${threshold} of these sheets give back the community's founding key, which appoints and removes chiefs.`,
    'One alone is of no use. Keep them in different safes; no photographs, no copies on computers.',
    `To restore: on a station, doorstep recovery restore --share -, then type ${threshold} sheets line by line`,
    '(the last four characters of a line find a slip of the pen).',
    '',
  ].join('\n')
}
