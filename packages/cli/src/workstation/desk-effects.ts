import {
  type FormProblem,
  fail,
  ok,
  openAttachment,
  openCase,
  type Problem,
  type Result,
  recordVisit,
  reportDispatch,
  reveal,
  settleConflict,
} from '@doorstep/core'
import { bytesText } from '../voice/bytes.ts'
import { plural } from '../voice/language.ts'
import { runAlarm } from './alarm-effects.ts'
import { claim } from './claim-effects.ts'
import { dayIn } from './dates.ts'
import type { Desk } from './desk.ts'
import { note } from './diary-effects.ts'
import { runErrand } from './errand-effects.ts'
import { dropHow, howGiven, keepHow, keptHow } from './how.ts'
import { paper } from './paper-effects.ts'
import { people } from './people-effects.ts'
import type { Effect } from './state.ts'
import { takeStep } from './take-step.ts'

/** Does what the reducer said is to be done. Success is said only when it is on disk. */
export async function act(desk: Desk, effect: Exclude<Effect, { type: 'quit' | 'lock' }>): Promise<void> {
  const { station } = desk
  switch (effect.type) {
    case 'open-form': {
      const { household, form, person, how, version } = effect
      const kept = keptHow(station, household)
      // Another visit's answers are not mixed with those of a sheet.
      if (how && desk.state.facts.drafts.has(household) && kept?.sheet !== how.sheet)
        return fellThrough(desk, { type: 'draft-in-the-way', household })
      const { language } = desk.state
      const opened = await desk.forms.open({
        household,
        form,
        person,
        language,
        ...(version ? { version } : {}),
      })
      if (!opened.ok) return fellThrough(desk, opened.problem)
      if (how) keepHow(station, household, how)
      else if (kept && desk.state.facts.drafts.has(household)) desk.dispatch({ type: 'form-how', how: kept })
      else if (kept) dropHow(station, household)
      desk.refresh()
      desk.dispatch({ type: 'form-typed', left: opened.value.typed })
      return desk.dispatch({ type: 'form-at', at: opened.value.at })
    }
    case 'answer':
      return answer(desk, effect)
    case 'repeat': {
      const changed = desk.forms.repeat(effect.household, effect.ref, effect.change)
      if (!changed.ok) return desk.dispatch({ type: 'form-refused', problem: changed.problem as FormProblem })
      return desk.dispatch({ type: 'form-at', at: changed.value })
    }
    case 'save-form': {
      const filled = desk.forms.filled(effect.household)
      if (!filled) return desk.fail({ type: 'form-not-open' })
      const recorded = await recordVisit(station, {
        household: effect.household,
        outcome: 'met',
        ...filled,
        ...(effect.how ? howGiven(effect.how) : {}),
        ...nextOn(desk, effect.nextInDays),
        language: desk.state.language,
      })
      if (!recorded.ok) return desk.fail(recorded.problem)
      desk.forms.drop(effect.household)
      dropHow(station, effect.household)
      desk.refresh()
      desk.dispatch({
        type: 'visited',
        household: effect.household,
        outcome: 'met',
        cases: recorded.value.cases.length,
      })
      return desk.readDrafts()
    }
    case 'keep-typed':
      desk.forms.keepTyped(effect.household, effect.left, effect.at)
      return desk.readDrafts()
    case 'newer-form': {
      const moved = await desk.forms.moveOn(effect.household)
      if (!moved.ok) return desk.fail(moved.problem)
      desk.refresh()
      return desk.dispatch({ type: 'form-at', at: moved.value })
    }
    case 'form-language':
      desk.forms.nextLanguage()
      return desk.dispatch({ type: 'facts', facts: {} })
    case 'drop-draft':
      desk.forms.drop(effect.household)
      dropHow(station, effect.household)
      return desk.readDrafts()
    case 'visit': {
      const note = effect.note.trim()
      const recorded = await recordVisit(station, {
        household: effect.household,
        outcome: effect.outcome,
        ...(effect.contact === null ? {} : { contact: effect.contact, heard: effect.heard }),
        ...(note === '' ? {} : { note }),
        ...(effect.how ? howGiven(effect.how) : {}),
        ...nextOn(desk, effect.nextInDays),
      })
      if (!recorded.ok) return desk.fail(recorded.problem)
      desk.refresh()
      return desk.dispatch({
        type: 'visited',
        household: effect.household,
        outcome: effect.outcome,
        cases: 0,
      })
    }
    case 'open-case': {
      const { household, kind, title, grade, dueOn } = effect
      const opened = await openCase(station, { household, kind, title, grade, ...(dueOn ? { dueOn } : {}) })
      if (!opened.ok) return desk.fail(opened.problem)
      desk.refresh()
      return desk.dispatch({ type: 'case-opened', id: opened.value.case })
    }
    case 'step-case': {
      const { id, step, said, of } = effect
      return settled(desk, await takeStep(station, { id, step, said, of }), ['这一步已存盘', 'Step saved'])
    }
    case 'answer-alarm':
    case 'improve-alarm':
    case 'note-leave':
    case 'end-leave':
      return runAlarm(desk, effect)
    case 'open-errand':
    case 'step-errand':
      return runErrand(desk, effect)
    case 'keep-how':
    case 'print-notice':
    case 'print-meters':
    case 'send-print':
      return paper(desk, effect)
    case 'add-person':
    case 'move-out':
    case 'away':
    case 'take-back':
    case 'merge':
    case 'not-same':
      return people(desk, effect)
    case 'add-diary':
    case 'tick-diary':
    case 'keep-promise':
    case 'absence-case':
      return note(desk, effect)
    case 'claim':
    case 'release-claim':
      return claim(desk, effect)
    case 'report': {
      const { id, step, note } = effect
      const reported = await reportDispatch(station, { dispatch: id, step, ...(note === '' ? {} : { note }) })
      return settled(desk, reported, ['回报已存盘', 'Report saved'])
    }
    case 'settle':
      return settled(desk, await settleConflict(station, effect.settlement), ['定下来了', 'Settled'], true)
    case 'release':
      return settled(desk, await station.release(effect.id), ['已放行', 'Released'])
    case 'reveal':
      return look(desk, effect)
    case 'show-photo':
      return showPhoto(desk, effect)
    case 'language':
      desk.forms.setLanguage(effect.language)
      return desk.dispatch({ type: 'facts', facts: {} })
    default:
      return carry(desk, effect)
  }
}

/** How long a text behind a mask stays on the screen, in milliseconds: long enough to dial a number. */
const SHOWN_MS = 30_000

async function look(
  desk: Desk,
  { record, field, reason }: Extract<Effect, { type: 'reveal' }>,
): Promise<void> {
  const seen = await reveal(desk.station, record, field, reason)
  if (!seen.ok) return desk.fail(seen.problem)
  const texts = (seen.value.values ?? [seen.value.value]).map((one) =>
    typeof one === 'string' ? one : JSON.stringify(one),
  )
  desk.dispatch({ type: 'revealed', record, field, texts, untilMs: desk.station.now + SHOWN_MS })
  desk.tickIn(SHOWN_MS)
}

async function showPhoto(
  desk: Desk,
  { record, reason }: Extract<Effect, { type: 'show-photo' }>,
): Promise<void> {
  const opened = await openAttachment(desk.station, record, ['original', 'preview'], reason)
  if (!opened.ok) return desk.fail(opened.problem)
  const { toPng } = await import('../attachment/prepare-file.ts')
  desk.putPicture(record, await toPng(opened.value.bytes))
  desk.dispatch({ type: 'photo-shown', record, untilMs: desk.station.now + SHOWN_MS })
  desk.tickIn(SHOWN_MS)
}

async function answer(desk: Desk, effect: Extract<Effect, { type: 'answer' }>): Promise<void> {
  const by = effect.after === 'previous' ? -1 : 1
  const value = await takenFile(desk, effect)
  if (!value.ok) return refuse(desk, value.problem)
  const answered = desk.forms.answer(effect.household, effect.ref, value.value, by)
  if (!answered.ok) return refuse(desk, answered.problem)
  if (effect.after === 'leave') desk.dispatch({ type: 'form-left' })
  else desk.dispatch({ type: 'form-at', at: effect.after === 'stay' ? effect.ref : answered.value })
  desk.readDrafts()
}

const refuse = (desk: Desk, problem: Problem): void =>
  'question' in problem
    ? desk.dispatch({ type: 'form-refused', problem: problem as FormProblem })
    : desk.fail(problem)

/** Of an upload a path was typed: the file is read, made ready, and is the answer if the household allows it. */
async function takenFile(
  desk: Desk,
  { household, ref, value }: Extract<Effect, { type: 'answer' }>,
): Promise<Result<unknown>> {
  const question = desk.forms.question(household, ref)
  if (question?.kind !== 'upload' || typeof value !== 'string') return ok(value)
  if (!desk.forms.mayTake(household, question).ok)
    return fail({
      type: 'answer-wrong-type',
      ...{ question: question.path, label: question.label, reason: 'no-consent' },
      ...{ expected: 'upload', because: 'no-consent', given: value },
    })
  const { prepareAnswerFile } = await import('../attachment/prepare-answer-file.ts')
  return prepareAnswerFile(value, question)
}

/** A form that cannot be opened: back to the door, saying why. */
function fellThrough(desk: Desk, problem: Problem): void {
  desk.dispatch({ type: 'command', command: 'back' })
  desk.fail(problem)
}

function settled(
  desk: Desk,
  result: { readonly ok: true } | { readonly ok: false; readonly problem: Problem },
  words: readonly [string, string],
  leave = false,
): void {
  if (!result.ok) return desk.fail(result.problem)
  desk.refresh()
  desk.dispatch({ type: 'done', words, leave })
}

const nextOn = (desk: Desk, days: number | null) => (days === null ? {} : { nextOn: dayIn(desk.day, days) })

/** Meeting others, and files to carry. */
async function carry(
  desk: Desk,
  effect: Extract<Effect, { type: 'sync-now' | 'call' | 'write-bundle' | 'read-bundle' }>,
): Promise<void> {
  const { station, sync } = desk
  switch (effect.type) {
    case 'sync-now': {
      if (!sync) return desk.fail({ type: 'not-synced', tried: [] })
      const { reached, tried } = await sync.look()
      desk.refresh()
      return reached === 0
        ? desk.dispatch({
            type: 'failed',
            words: [
              `没有找到别的站点(试了 ${tried} 个地址)。a 按地址呼叫,w 写到文件带走。`,
              `Nobody found (${plural(tried, 'address', 'addresses')} tried). a calls an address, w writes a file to carry.`,
            ],
          })
        : desk.dispatch({
            type: 'progress',
            words: [`连上 ${reached} 台,正在核对`, `${reached} reached, comparing`],
          })
    }
    case 'call': {
      if (!sync) return desk.fail({ type: 'not-synced', tried: [] })
      const called = await sync.dial(effect.address)
      return called.ok
        ? desk.dispatch({ type: 'progress', words: ['连上了,正在核对', 'Connected, comparing'] })
        : desk.fail(called.problem)
    }
    case 'write-bundle': {
      const { exportBundle } = await import('../station/write-bundle.ts')
      const written = await exportBundle(station, effect.path)
      if (!written.ok) return desk.fail(written.problem)
      const { entries, bytes } = written.value
      const size = bytesText(bytes)
      return desk.dispatch({
        type: 'done',
        words: [
          `已写好 ${effect.path}:${entries} 条,${size}`,
          `Wrote ${effect.path}: ${plural(entries, 'entry', 'entries')}, ${size}`,
        ],
      })
    }
    case 'read-bundle': {
      const { readBundle } = await import('@doorstep/sync')
      const read = await readBundle(station, effect.path, {
        onProgress: ({ bytes, ofBytes }) => {
          const percent = Math.floor((bytes / Math.max(1, ofBytes)) * 100)
          desk.dispatch({ type: 'progress', words: [`正在读入 ${percent}%`, `Reading ${percent}%`] })
        },
      })
      if (!read.ok) return desk.fail(read.problem)
      const { admitted, known, held, refused } = read.value
      desk.refresh()
      return desk.dispatch({
        type: 'done',
        words: [
          `读入:新收 ${admitted} 条,已有 ${known} 条,扣下 ${held} 条,拒收 ${refused.length} 条`,
          `Read: ${admitted} new, ${known} known, ${held} held, ${refused.length} refused`,
        ],
      })
    }
  }
}
