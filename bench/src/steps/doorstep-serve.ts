import { expectOk, openStation } from '@doorstep/core'
import { SyncNode } from '@doorstep/sync'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

step<{ home: string }>(async ({ home }, talk) => {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const node = new SyncNode({ station, name: '测试员甲' })
  const { port } = expectOk(await node.serve({ host: '127.0.0.1', port: 0 }))
  talk.ready({ port })
  await talk.stopped
  await node.close()
  await station.close()
})
