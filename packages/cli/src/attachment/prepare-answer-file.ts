import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { type AnswerFile, type FormProblem, fail, ok, type Question, type Result } from '@doorstep/core'
import { type PreparedFile, type PrepareProblem, prepareFile } from './prepare-file.ts'

/**
 * The file at a typed path as the answer to an upload: that it exists, and is of the kind that is asked for. Images are
 * made anew without what the camera wrote into them. Fails with a FormProblem that names the question.
 */
export async function prepareAnswerFile(
  path: string,
  question: Pick<Question, 'media' | 'label' | 'path'>,
): Promise<Result<AnswerFile, FormProblem>> {
  const { media } = question
  const signature = media === 'signature'
  const file = path
    .trim()
    .replace(/^['"](.*)['"]$/s, '$1')
    .replace(/^~(?=\/)/, homedir())
  const prepared = await prepareFile(file, signature ? 'signature' : undefined, { full: false })
  if (!prepared.ok) return fail(refusal(question, file, prepared.problem))
  const { mediaType, bytes, preview, width, height } = prepared.value
  if (!fits(media, prepared.value))
    return fail(refusal(question, file, { type: 'attachment-type', file, mediaType }))
  const name = nameOf(file, mediaType)
  return ok({
    name,
    mediaType,
    bytes,
    ...(preview ? { preview } : {}),
    ...(width !== undefined && height !== undefined ? { width, height } : {}),
  })
}

function fits(media: Question['media'], { mediaType }: PreparedFile): boolean {
  const [type] = mediaType.split('/')
  if (media === 'image' || media === 'signature') return type === 'image'
  if (media === 'audio') return type === 'audio'
  // A film and a recording may lie in the same kind of file.
  if (media === 'video') return type === 'video'
  return true
}

/** As it is called where it lies, with the ending of what was made of it. */
const nameOf = (file: string, mediaType: string): string => {
  const ending = { 'image/jpeg': '.jpg', 'image/png': '.png' }[mediaType]
  const name = basename(file).trim() || 'file'
  return ending ? name.replace(/(\.[^.]*)?$/, ending) : name
}

const refusal = (
  { label, path }: Pick<Question, 'label' | 'path' | 'media'>,
  file: string,
  problem: PrepareProblem,
): FormProblem => ({
  ...problem,
  type: 'answer-wrong-type',
  question: path,
  label,
  reason: `${file}: ${problem.type}`,
  expected: 'upload',
  given: file,
  because: problem.type,
})

/** For commands: a path beside the file of answers is taken from there. */
export const besideFile = (path: string, folder: string): string =>
  path.startsWith('/') || path.startsWith('~') ? path : join(folder, path)
