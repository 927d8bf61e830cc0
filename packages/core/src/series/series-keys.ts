import type { Station } from '../station/station.ts'
import type { SeriesKeys } from './series-file.ts'

export const seriesKeys = (station: Station): SeriesKeys => ({
  sealing: station.keyFor('series'),
  names: station.keyFor('series-names'),
})
