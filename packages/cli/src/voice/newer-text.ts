import type { NewerCounts } from '@doorstep/core'
import { plural, type Words } from './language.ts'

/** What only a later version can read, as a line; null when there is none. */
export function newerWords({ entries, parts }: NewerCounts): Words | null {
  if (entries + parts === 0) return null
  const zh = [...(entries > 0 ? [`${entries} 条`] : []), ...(parts > 0 ? [`${parts} 处内容`] : [])].join('、')
  const en = [
    ...(entries > 0 ? [plural(entries, 'entry', 'entries')] : []),
    ...(parts > 0 ? [plural(parts, 'part of an entry', 'parts of entries')] : []),
  ].join(' and ')
  return [
    `有 ${zh}要更新的 Doorstep 才读得懂。都原样留着,照样转给别人,更新后就能读:npm install --global @doorstep/cli@latest`,
    `For a newer Doorstep: ${en}, kept as they came, passed on, and read after an update: npm install --global @doorstep/cli@latest`,
  ]
}
