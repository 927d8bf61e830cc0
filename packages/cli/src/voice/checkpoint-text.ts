import type { ListedCheckpoint, Station } from '@doorstep/core'
import { spacesOf, stationName } from '../station/names.ts'
import type { Language, Words } from './language.ts'
import { table } from './table.ts'
import { isoTime } from './time.ts'

const STATES: Record<ListedCheckpoint['state'], Words> = {
  unverified: ['未核对', 'not compared'],
  equal: ['核对无误', 'found true'],
  differs: ['对不上,不会使用', 'differs, never used'],
  dropped: ['其中有后来抹去的,已弃', 'dropped: it held what was erased since'],
}

const HEADINGS: readonly Words[] = [
  ['编号', 'Id'],
  ['空间', 'Space'],
  ['条', 'Entries'],
  ['记录', 'Records'],
  ['字节', 'Bytes'],
  ['谁做的', 'By'],
  ['核对', 'Compared'],
]

/** A line each; what a person should know of one stands beside its state. */
export function checkpointsText(
  station: Station,
  checkpoints: readonly ListedCheckpoint[],
  language: Language,
): string {
  const say = ([zh, en]: Words) => (language === 'zh' ? zh : en)
  if (checkpoints.length === 0) return say(['还没有检查点。', 'There are no checkpoints yet.'])
  const names = new Map(spacesOf(station).map(({ id, name }) => [id, name]))
  return table(
    HEADINGS.map(say),
    checkpoints.map((one) => [
      one.id,
      names.get(one.space) ?? one.space,
      String(one.entries),
      String(one.records),
      String(one.bytes),
      stationName(station, one.by),
      [
        STATES[one.state],
        ...(one.isOnTrust ? [['这里以它为底', 'the records here stand on it'] as Words] : []),
        ...(one.isUnderOlderKey ? [['用的是旧钥匙', 'under an older key'] as Words] : []),
        ...(one.isHere ? [] : [['内容不在这里', 'not here itself'] as Words]),
      ]
        .map(say)
        .join(language === 'zh' ? ',' : ', '),
    ]),
  )
}

export const checkpointJson = ({
  at,
  ...rest
}: ListedCheckpoint): Omit<ListedCheckpoint, 'at'> & { at: string } => ({
  ...rest,
  at: isoTime(at),
})
