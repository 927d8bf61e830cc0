/** Columns of visits a day, with a scale of numbers beside them and the days of the month below. */
type Day = { readonly on: string; readonly visits: number }
type Plot = typeof import('simple-ascii-chart').default

let plot: Plot | null = null

/** Loaded when a chart is first asked for: most starts draw none. */
export async function loadChart(): Promise<void> {
  plot ??= (await import('simple-ascii-chart')).default
}

export const isChartLoaded = (): boolean => plot !== null

const HEIGHT = 5
/** A day takes three cells, and the scale a few. */
const widthOf = (days: readonly Day[]): number => days.length * 3

/** Lines, none of them empty; nothing before the chart is loaded, or where nobody was visited. */
export function visitsChart(days: readonly Day[]): readonly string[] {
  if (!plot || days.every(({ visits }) => visits === 0)) return []
  const drawn = plot(
    days.map(({ visits }, at): [number, number] => [at, visits]),
    {
      width: widthOf(days),
      height: HEIGHT,
      mode: 'bar',
      formatter: (value, { axis }) => (axis === 'x' ? Number(days[value]?.on.slice(8)) : value),
    },
  )
  return drawn
    .split('\n')
    .map((one) => one.trimEnd())
    .filter((one) => one !== '')
}
