import { dueList, expectOk, type HomeSecret, openRecordSet, openStation } from '@doorstep/core'
import { SECRET } from '../community.ts'
import { TODAY } from '../generate.ts'
import { step, usage } from '../step.ts'

export type Opened = {
  /** From the open call, secret at hand, to the first due list. */
  readonly ms: number
  readonly records: number
  readonly due: number
  readonly rssBeforeBytes: number
}

/** `passphrase` instead of the key: what its Argon2id costs on top. */
step<{ home: string; passphrase?: string }>(async ({ home, passphrase }): Promise<Opened> => {
  const secret: HomeSecret = passphrase === undefined ? SECRET : { type: 'passphrase', text: passphrase }
  const { rssBytes } = usage()
  const startedAt = performance.now()
  const station = expectOk(await openStation({ home, secret }))
  const records = openRecordSet(station, { follow: false })
  const due = dueList(records, { on: TODAY })
  const ms = performance.now() - startedAt
  return { ms, records: records.size, due: due.length, rssBeforeBytes: rssBytes }
})
