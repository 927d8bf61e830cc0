/** Fills an open form with answers that it takes, whatever they mean. */
import type { FormProblem, FormSession, Question } from '../../src/form/index.ts'

/** A pass may open further questions; what is still asked after so many is told. */
const PASSES = 8

/** What the form still finds wrong at the end. */
export function fillWithAnything(session: FormSession): readonly FormProblem[] {
  for (let pass = 0; pass < PASSES; pass++) {
    let changed = false
    for (const { ref } of session.questions()) {
      const question = session.question(ref)
      if (!question?.relevant || question.readonly || question.kind === 'note') continue
      if (question.value !== null && question.problem === null) continue
      changed = answerIt(session, question) || changed
    }
    if (!changed) break
  }
  return session.validate()
}

function answerIt(session: FormSession, question: Question): boolean {
  for (const candidate of candidates(question)) {
    const taken = session.answer(question.ref, candidate)
    if (taken.ok && session.question(question.ref)?.problem == null) return true
  }
  session.answer(question.ref, null)
  return false
}

const DAY_MS = 86_400_000
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10)
const DAYS = [0, -1, -30, -100, -200, -300, -400, -700, -2_000, -7_500, -12_000, 1, 30, 200, 400].map(day)
const NUMBERS = [
  1, 0, 2, 3, 5, 10, 12, 18, 20, 25, 30, 36.6, 37, 40, 50, 60, 70, 80, 100, 120, 150, 180, 200, 250,
]
const MORE = [500, 1000, 2000, 2026, 5000, 10_000, 100_000, 1_000_000, -1, 0.5, 99, 999, 9999, 99_999]
const TEXTS = [
  ...[
    'abc',
    'Anna',
    '1',
    '12',
    '123',
    '1234',
    '12345',
    '123456',
    '1234567',
    '12345678',
    '1234567890',
    '0712345678',
  ],
  ...[
    '+254712345678',
    'a@example.org',
    '2026-11-24',
    'ABC123',
    'https://example.org',
    '123-45-6789',
    '13800001234',
  ],
  ...[
    'A1B 2C3',
    'https://example.org/test?a=1&b=2',
    '٣',
    '中文',
    'abcdefghijklmnop',
    'a b c',
    '0',
    '-1',
    '10:30',
  ],
]
const PICTURE = {
  name: 'a.png',
  mediaType: 'image/png',
  bytes: new Uint8Array(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  ),
}

function candidates(question: Question): readonly unknown[] {
  const { kind, choices, range } = question
  const values = choices.map(({ value }) => value)
  switch (kind) {
    case 'select-one':
      return values.slice(0, 60)
    case 'select-many':
      return [...values.map((one) => [one]), values, values.slice(0, 2), values.slice(0, 3)].slice(0, 60)
    case 'rank':
      return [values, [...values].reverse()]
    case 'range':
      return range ? [range.min, range.max, range.min + range.step] : NUMBERS
    case 'integer':
      return [...NUMBERS, ...MORE].filter(Number.isInteger)
    case 'decimal':
      return [...NUMBERS, ...MORE]
    case 'date':
      return DAYS
    case 'time':
      return ['10:30', '00:00', '23:59']
    case 'datetime':
      return DAYS.map((one) => `${one}T10:30`)
    case 'trigger':
      return [true]
    case 'upload':
      return [
        PICTURE,
        { ...PICTURE, name: 'a.mp3', mediaType: 'audio/mpeg' },
        { ...PICTURE, name: 'a.mp4', mediaType: 'video/mp4' },
        { ...PICTURE, name: 'a.pdf', mediaType: 'application/pdf' },
      ]
    case 'geopoint':
      return ['31.23 121.47 4 5', { latitude: 31.23, longitude: 121.47 }, '0 0 0 0']
    default:
      return [
        ...TEXTS,
        ...NUMBERS.map(String),
        '31.23 121.47 0 0; 31.24 121.48 0 0',
        '31.23 121.47 0 0; 31.24 121.48 0 0; 31.25 121.46 0 0; 31.23 121.47 0 0',
      ]
  }
}
