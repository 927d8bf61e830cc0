/** What is said of a device's life, and by what devices are judged. */
import type { DeviceTask, NormRow, NormUnit } from '@doorstep/core'
import type { DeviceCard } from '../station/device-card.ts'
import { type Language, say, type Words } from './language.ts'
import { labelled, table } from './table.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

/** Told in lines of their own. */
const TOLD = new Set(['expiresOn', 'kind', 'name', 'replaces'])

export function deviceCardText(card: DeviceCard, language: Language): string {
  const said = (words: Words) => say(language, words)
  const kind = valueText('device', 'kind', card.kind, language)
  return [
    `${card.home}  ${[kind, card.name].filter(Boolean).join(' ')}  ${shortId(card.id)}`,
    labelled([
      ...Object.entries(card.fields)
        .filter(([name]) => !TOLD.has(name))
        .map(
          ([name, value]) =>
            [fieldLabel('device', name, language), valueText('device', name, value, language)] as const,
        ),
      [fieldLabel('device', 'expiresOn', language), expiryText(card, language)],
      [
        said(['在用', 'In use']),
        card.monthsInUse === null
          ? said(['安装日期没有写', 'nobody wrote down since when'])
          : said([`${card.monthsInUse} 个月`, `${card.monthsInUse} months`]),
      ],
      [
        said(['近 30 天有消息', 'Heard in 30 days']),
        said([`${card.daysHeard} 天`, `on ${card.daysHeard} days`]),
      ],
      ...card.before.map(
        (one) =>
          [
            said(['之前', 'Before it']),
            `${shortId(one.id)}  ${said([`停用于 ${one.retiredOn ?? '?'}`, `retired on ${one.retiredOn ?? '?'}`])}${one.lastRegister === null ? '' : `  ${said(['最后读数', 'last register'])} ${one.lastRegister}`}`,
          ] as const,
      ),
      ...(card.retiredOn !== null && card.erased.length === 0
        ? [
            [
              fieldLabel('device', 'erased', language),
              said([
                '还没有网关说删过;有的话下次同步后删',
                'no gateway said so yet; one that has some does when it next syncs',
              ]),
            ] as const,
          ]
        : []),
      ...card.erased.map(
        (one) =>
          [
            fieldLabel('device', 'erased', language),
            said([`${one.on},${one.observations} 条`, `${one.on}, ${one.observations} of them`]),
          ] as const,
      ),
    ]),
  ].join('\n')
}

export function expiryText(
  {
    expiresOn,
    expiryBecause,
    expired,
  }: { expiresOn: string | null; expiryBecause: 'printed' | 'life' | null; expired: boolean },
  language: Language,
): string {
  if (expiresOn === null) return ''
  const life = expiryBecause === 'life' ? say(language, ['(按寿命)', ' (by its life)']) : ''
  return `${expired ? '! ' : ''}${expiresOn}${life}${expired ? say(language, [' 已到期', ' expired']) : ''}`
}

const UNITS: Readonly<Record<NormUnit, Words>> = {
  years: ['年', 'years'],
  days: ['天', 'days'],
  percent: ['%', '%'],
  count: ['次', 'times'],
}

export const normsText = (rows: readonly NormRow[], language: Language): string =>
  table(
    [
      say(language, ['标准', 'Norm']),
      say(language, ['数值', 'Value']),
      say(language, ['依据', 'Basis']),
      say(language, ['代码', 'Code']),
    ],
    rows.map(({ label, value, unit, source, record, code }) => [
      say(language, label),
      `${value} ${say(language, UNITS[unit])}`,
      `${record === null ? '' : say(language, ['本社区:', 'own: '])}${say(language, source)}`,
      code,
    ]),
  )

/** `燃气报警器 2026-12-01 到期`. */
export function taskText({ kind, task, on }: DeviceTask, language: Language): string {
  const what = valueText('device', 'kind', kind, language)
  return task === 'battery'
    ? say(language, [`${what}电量低`, `battery of the ${what.toLowerCase()} is low`])
    : say(language, [`${what} ${on} 到期,要换`, `${what.toLowerCase()} expires on ${on}: replace it`])
}
