import type { Question } from '@doorstep/core'

type Range = NonNullable<Question['range']>

/** One step along a scale from where it stands; the first press stands on its lower end. As one would type it. */
export function movedOnScale(range: Range, standing: string, steps: number): string {
  const { min, max } = range
  const number = Number(standing)
  if (standing.trim() === '' || !Number.isFinite(number)) return scaleText(range, steps < 0 ? max : min)
  const stride = Math.abs(range.step) * Math.sign(max - min || 1)
  const at = Math.round((number - min) / stride) + steps
  const last = Math.floor((max - min) / stride + 1e-9)
  return scaleText(range, min + Math.max(0, Math.min(last, at)) * stride)
}

/** With as many decimals as the scale has: 0.1 + 0.2 is 0.3 here. */
function scaleText({ min, step }: Range, value: number): string {
  const decimals = Math.max(decimalsOf(min), decimalsOf(step))
  return String(Number(value.toFixed(decimals)))
}
const decimalsOf = (value: number): number => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0

/** `1 ├──────●───┤ 9`, in at most `width` cells. */
export function scaleLine({ min, max }: Range, standing: string, width: number): string {
  const number = Number(standing)
  const [left, right] = [`${min} `, ` ${max}`]
  const cells = Math.max(5, Math.min(41, width - left.length - right.length))
  const known = standing.trim() !== '' && Number.isFinite(number)
  const at = known ? Math.round(((number - min) / (max - min || 1)) * (cells - 1)) : -1
  const bar = Array.from({ length: cells }, (_, cell) =>
    cell === at ? '●' : cell === 0 ? '├' : cell === cells - 1 ? '┤' : '─',
  )
  return left + bar.join('') + right
}

/** Of a rating: as many stars as it says. */
export const stars = ({ max }: Range, standing: string): string => {
  const full = Math.max(0, Math.min(max, Math.round(Number(standing) || 0)))
  return '★'.repeat(full) + '☆'.repeat(Math.max(0, Math.min(max, 20) - full))
}
