import type { ClockDoubt } from '@doorstep/core'
import { plural, type Words } from './language.ts'

/** This machine's clock is off, by which gateway's word, and who that is. */
export type ClockWarning = ClockDoubt & { readonly name: string }

/** That it is off, and by how much; the command to set it is told apart. */
export function clockDoubtWords({ name, aheadMs }: ClockWarning): Words {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000)
  const hours = Math.floor(minutes / 60)
  const zh = hours > 0 ? `${hours} 小时 ${minutes % 60} 分钟` : `${minutes} 分钟`
  const en =
    hours > 0 ? `${plural(hours, 'hour')} ${plural(minutes % 60, 'minute')}` : plural(minutes, 'minute')
  return [
    `本机时钟比网关 ${name} ${aheadMs > 0 ? '快' : '慢'} ${zh}`,
    `This clock is ${en} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of the gateway ${name}`,
  ]
}

/** Moves the clock by what it is off: typed a minute later it does the same. It is a person who types it. */
export function clockCommand({ aheadMs }: Pick<ClockDoubt, 'aheadMs'>, platform = process.platform): string {
  const seconds = Math.round(-aheadMs / 1000)
  const sign = seconds < 0 ? '-' : '+'
  if (platform === 'win32') {
    const [s, m, h] = [
      Math.abs(seconds) % 60,
      Math.floor(Math.abs(seconds) / 60) % 60,
      Math.floor(Math.abs(seconds) / 3600),
    ]
    const span = `${String(h)}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`
    return `powershell Set-Date -Adjust ${sign === '-' ? '-' : ''}([TimeSpan]"${span}")`
  }
  if (platform === 'darwin') return `date -v${sign}${Math.abs(seconds)}S +%m%d%H%M%Y.%S | xargs sudo date`
  return `sudo date --set="${sign}${Math.abs(seconds)} seconds"`
}
