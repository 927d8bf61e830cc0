import { describe } from 'vitest'
import { describeBeside } from './beside-contract.ts'
import { describeCheckpoints } from './checkpoints-contract.ts'
import { describeEntries } from './entries-contract.ts'
import { describeErasures } from './erasures-contract.ts'
import { describeMarks } from './marks-contract.ts'
import { describeRecords } from './records-contract.ts'
import { describeRefusals } from './refusals-contract.ts'
import type { OpenStore } from './samples-contract.ts'
import { describeTransactions } from './transactions-contract.ts'

/** What the trunk relies on. An implementation of `Store` runs this, so that a second one cannot drift. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`store contract: ${name}`, () => {
    describeTransactions(open)
    describeEntries(open)
    describeMarks(open)
    describeRecords(open)
    describeRefusals(open)
    describeErasures(open)
    describeCheckpoints(open)
    describeBeside(open)
  })
}
