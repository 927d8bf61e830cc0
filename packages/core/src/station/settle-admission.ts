/** What must follow in the same transaction when entries were admitted or written. */
import { isStanding, type Membership } from '../membership/resolve.ts'
import type { Admission } from '../trunk/admit.ts'
import { barsMark, settleBars, standByOwnHeld } from '../trunk/bars.ts'
import { saysSoAnyway } from '../trunk/checkpoint.ts'
import type { Trunk } from '../trunk/context.ts'
import { eraseLateParts } from '../trunk/erase-write.ts'
import { newlyReadable, rebuildSpace } from '../trunk/rebuild.ts'
import { settleScope } from '../trunk/scope.ts'
import { takeInCarried } from '../trunk/understand.ts'
import { writeStandBy } from '../trunk/write.ts'

/** What acts that arrived mean for entries: bars, what was held, parts that can be read now. `before` the acts. */
export function settleAdmission(
  trunk: Trunk,
  admission: Admission,
  before: Membership,
  holdings: () => readonly string[],
): void {
  if (admission.actsArrived) settleBars(trunk, admission, barsMark(trunk.acts.now()) !== barsMark(before))
  if (admission.report.held > 0 && isStanding(trunk.acts.now(), trunk.identity.station))
    standByOwnHeld(trunk, admission)
  for (const space of admission.checkpointed)
    if (holdings().includes(space) && !saysSoAnyway(trunk, space)) writeStandBy(trunk, admission, space)
  finishAdmission(trunk, admission)
}

/** Records go back to sleep; parts that can be read now are; what was written about erased records goes too. */
export function finishAdmission(trunk: Trunk, admission: Admission): void {
  admission.records.flush()
  if (admission.actsArrived) {
    settleScope(trunk)
    takeInCarried(trunk, admission)
  }
  const readable = admission.actsArrived ? newlyReadable(trunk) : []
  for (const space of readable) rebuildSpace(trunk, space)
  if (!admission.records.lateParts && readable.length === 0) return
  eraseLateParts(trunk, admission)
  admission.records.flush()
}
