import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import type { Geopoint } from './answer-value.ts'
import { type Engine, loadEngine } from './engine.ts'
import { fillForm } from './form-fill.ts'
import { type FormSession, openForm } from './form-session.ts'
import type { FormValues } from './form-values.ts'
import type { Question } from './question.ts'
import { everyKind, leavesOfXml } from './sample-form.test.data.ts'

let engine: Engine
beforeAll(async () => {
  engine = expectOk(await loadEngine())
})

/** A step picks a question or repeat by number and an answer by number: any sequence of numbers is a walk. */
const walk = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string({ unit: 'grapheme', maxLength: 12 })), {
  maxLength: 25,
})

function answerFor(question: Question, pick: number, text: string): unknown {
  const values = question.choices.map((choice) => choice.value)
  switch (question.kind) {
    case 'text':
    case 'barcode':
      return text
    case 'integer':
      return (pick % 140) - 5
    case 'decimal':
      return ((pick % 2000) - 1000) / 8
    case 'date':
      return `20${String(pick % 100).padStart(2, '0')}-${(pick % 12) + 1}-${(pick % 31) + 1}`
    case 'time':
      return `${pick % 24}:${pick % 60}`
    case 'datetime':
      return `2026-01-01 ${pick % 24}:00`
    case 'select-one':
      return values[pick % (values.length + 1)] ?? null
    case 'select-many':
      return values.filter((_, index) => (pick >> index) & 1)
    case 'rank':
      return pick % 2 ? values.toReversed() : values
    case 'range':
      return pick % 10
    case 'geopoint':
      return `${pick % 91} ${-(pick % 181)}`
    case 'geotrace':
    case 'geoshape':
      return Array.from({ length: pick % 5 }, (_, at) => `${(pick + at) % 91} ${at + 1}`).join(';')
    case 'trigger':
      return pick % 2 === 0
    case 'upload':
      return { name: `${pick % 3}.png`, mediaType: 'image/png', base64: 'AQID' }
    case 'note':
    case 'unsupported':
      return text
  }
}

function step(session: FormSession, [which, pick, text]: [number, number, string]): void {
  const questions = session.questions()
  const question = questions[which % (questions.length + 3)]
  const repeats = session.repeats().filter((repeat) => repeat.open && repeat.relevant)
  const repeat = repeats[pick % Math.max(repeats.length, 1)]
  const before = session.draft()
  if (question) {
    const answered = session.answer(question.ref, answerFor(question, pick, text))
    if (!answered.ok) {
      expect(answered.problem.label).not.toBe('')
      expect(session.draft()).toBe(before)
    }
  } else if (repeat && which % 3 > 0 && repeat.count < 4) expectOk(session.addRepeat(repeat.ref))
  else if (repeat && repeat.count > 0)
    expectOk(session.removeRepeat(`${repeat.ref}[${(pick % repeat.count) + 1}]`))
}

const flatten = (values: FormValues[string] | undefined, path = ''): [string, string][] => {
  if (values === undefined) return []
  if (Array.isArray(values) && values.length > 0 && values.every(isPlace))
    return [[path, values.map(placeText).join(';')]]
  if (Array.isArray(values) && values.every((one) => typeof one === 'object'))
    return values.flatMap((one, index) => flatten(one, path.replace(/\[1\]$/, `[${index + 1}]`)))
  if (Array.isArray(values)) return [[path, values.join(' ')]]
  if (typeof values !== 'object') return [[path, values === true ? 'OK' : String(values)]]
  if (isPlace(values)) return [[path, placeText(values)]]
  return Object.entries(values).flatMap(([name, inner]) =>
    flatten(inner as FormValues[string], `${path}/${name}[1]`),
  )
}
const isPlace = (value: unknown): value is Geopoint =>
  typeof value === 'object' && value !== null && 'latitude' in value
const placeText = ({ latitude, longitude, altitude, accuracyMetres }: Geopoint): string =>
  [latitude, longitude, altitude, accuracyMetres].join(' ')
/** Decimals may carry a trailing `.0` in XML. */
const plain = (entries: [string, string][]) =>
  entries.map(([path, text]) => [path, text.replaceAll(/(?<=\d)\.0(?=[\s;]|$)/g, '')])

it('the submission holds exactly the values, and a draft restores everything, after any walk', async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (steps) => {
      using session = expectOk(await openForm(everyKind))
      for (const one of steps) step(session, one)
      const submission = engine.parseXml(session.submission())
      expect(submission.querySelector('parsererror')).toBeNull()
      expect(plain(leavesOfXml(submission))).toEqual(plain(flatten(session.values())))
      using restored = expectOk(await openForm(everyKind, { draft: session.draft() }))
      expect(restored.notCarriedOver).toEqual([])
      expect(restored.questions({ all: true })).toEqual(session.questions({ all: true }))
      expect(restored.draft()).toBe(session.draft())
    }),
    { numRuns: 20, endOnFailure: true },
  )
})

it('what a form holds fills an empty one the same way', async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (steps) => {
      using session = expectOk(await openForm(everyKind))
      for (const one of steps) step(session, one)
      const { photo: _photo, second_photo: _second, ...values } = session.values()
      // A blank form has a date by default.
      const answers = { ...values, date: values.date ?? null }
      const filled = expectOk(await fillForm(everyKind, answers))
      const refused = filled.problems.filter((problem) => problem.type !== 'answer-required')
      expect(refused).toEqual([])
      expect(filled.values).toEqual(values)
    }),
    { numRuns: 20, endOnFailure: true },
  )
})
