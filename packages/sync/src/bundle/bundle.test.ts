import { describeCourier } from './courier-contract.ts'
import { readBundle } from './read-bundle.ts'
import { writeBundle } from './write-bundle.ts'

describeCourier('bundle file', { write: (station, path) => writeBundle(station, path), read: readBundle })
