import { type Newcomer, type Side, sideModule } from '../side.ts'
import { step } from '../step.ts'

step<{ side: Side; server: string; laptop: string } & Newcomer>(
  async ({ side, server, laptop, checkpoint }) => {
    const startedAt = performance.now()
    await (await sideModule(side)).newcomer(server, laptop, { checkpoint })
    return { ms: performance.now() - startedAt }
  },
)
