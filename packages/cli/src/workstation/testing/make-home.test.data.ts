/** `tsx make-home.test.data.ts FOLDER [HOUSEHOLDS]`: a home to try the workstation on; the passphrase is `sample-passphrase`. */
import { createSampleHome } from './sample-home.test.data.ts'

const [home, households = '40'] = process.argv.slice(2)
if (!home) throw new Error('tsx make-home.test.data.ts FOLDER [HOUSEHOLDS]')
const station = await createSampleHome(home, {
  households: Number(households),
  cost: { memoryKiB: 64 * 1024, passes: 3 },
})
await station.close()
