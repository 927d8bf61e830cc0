import {
  type FilledFile,
  type FormDocument,
  type FormProblem,
  type FormValues,
  fillRuled,
  loadEngine,
  type RuledAnswer,
  withTexts,
} from '../form/index.ts'
import { isValue } from '../record/change.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type AddAttachment, type LaidDown, layDown, takeBack } from './attachment.ts'
import { type FoundForm, findForm } from './form-list.ts'
import { maskKindOf, maskValue } from './mask.ts'
import type { RecordVisit } from './record-visit.ts'

/** A form as a visit keeps it. Its files lie sealed beside the store, and no record names them yet. */
export type VisitForm = {
  readonly form: FoundForm
  readonly values: FormValues
  readonly submission: string
  readonly ruled: readonly RuledAnswer[]
  readonly files: readonly LaidDown[]
}

/** What the gate takes of any one value (record/change.ts); groups and repeats nested deeper would be void. */
const MAX_ANSWER_DEPTH = 12

/** Before the transaction: the engine takes its time to start, the disk's lock is not held for it. */
export async function fillVisit(station: Station, input: RecordVisit): Promise<Result<VisitForm | null>> {
  if (input.form === undefined)
    return input.answers === undefined ? ok(null) : fail({ type: 'answers-without-form' })
  const form =
    input.document ?? findForm(station, input.form, { version: input.formVersion, record: input.formRecord })
  if (!form) return fail({ type: 'no-such-form', form: input.form })
  if (input.answers === undefined && !input.session && input.outcome !== 'met') return ok(null)
  const filled = input.session
    ? ok(input.session.filled())
    : await fillRuled(form.xml, input.answers ?? {}, {
        language: input.language ?? 'zh',
        attachments: form.attachments,
        ...(input.prefilled ? { prefill: () => input.prefilled! } : {}),
      })
  if (!filled.ok) return filled
  const { valid, problems, values, submission, ruled, files } = filled.value
  if (!valid) return fail({ type: 'answers-refused', form: form.id, problems })
  if (!isValue(values, MAX_ANSWER_DEPTH))
    return fail({ type: 'answers-too-deep', form: form.id, maxDepth: MAX_ANSWER_DEPTH })
  const laid = layAllDown(station, form, files)
  if (!laid.ok) return laid
  if (ruled.length === 0 && files.length === 0) return ok({ form, values, submission, ruled, files: [] })
  const texts = new Map([...maskedTexts(ruled), ...fileNames(files, laid.value)])
  const engine = await loadEngine()
  if (!engine.ok) return engine
  return ok({ form, ruled, files: laid.value, ...withTexts(engine.value, filled.value, texts) })
}

/**
 * What the register masks is masked in the visit too: it is kept once, where looking at it is written down.
 */
const maskedTexts = (ruled: readonly RuledAnswer[]): (readonly [string, string])[] =>
  ruled.flatMap(({ rule, path, value }) => {
    const field = rule.save ?? rule.from
    const kind = field && maskKindOf(field.type, field.name)
    if (value === null || !(kind === 'phone' || kind === 'id-number' || kind === 'text')) return []
    return [[path, String(maskValue(kind, String(value)))] as const]
  })

const KINDS = {
  image: 'photo',
  signature: 'signature',
  audio: 'recording',
  video: 'recording',
  file: 'scan',
} as const satisfies Record<FilledFile['media'], AddAttachment['kind']>

function layAllDown(
  station: Station,
  { id }: FormDocument,
  files: readonly FilledFile[],
): Result<readonly LaidDown[]> {
  const all: LaidDown[] = []
  for (const { path, label, media, file } of files) {
    const { mediaType, bytes, preview, width, height } = file
    const isSound = /^(audio|video)\//.test(mediaType)
    const laid = layDown(station, {
      kind: isSound ? 'recording' : KINDS[media],
      mediaType: mediaType as AddAttachment['mediaType'],
      bytes,
      caption: label.slice(0, 300),
      ...(preview ? { preview } : {}),
      ...(width && height ? { width, height } : {}),
    })
    if (laid.ok) {
      all.push(laid.value)
      continue
    }
    for (const one of all) takeBack(station, one)
    const problem: FormProblem = {
      ...laid.problem,
      type: 'answer-wrong-type',
      question: path,
      label,
      reason: `this file is not taken: ${laid.problem.type}`,
      expected: 'upload',
      given: file.name,
    }
    return fail({ type: 'answers-refused', form: id, problems: [problem] })
  }
  return ok(all)
}

/** A file is called by what it is, not by what somebody called it: names of files tell of people too. */
const fileNames = (files: readonly FilledFile[], laid: readonly LaidDown[]): (readonly [string, string])[] =>
  files.map(({ path }, at) => [path, nameOfLaid(laid[at]!)] as const)

/** `photo-0f3a….jpg`: by the address of what is sealed, as the attachment record names it. */
export const nameOfLaid = ({ input, original }: LaidDown): string =>
  `${input.kind}-${original.blob.slice(0, 16)}.${EXTENSIONS[input.mediaType] ?? 'bin'}`

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/webm': 'weba',
  'audio/flac': 'flac',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
}
