import { dirname } from 'node:path'
import { type AnswerDocument, type AnswerFile, ok, type Problem, type Result } from '@doorstep/core'

/**
 * Answers as a file gives them: where a question wants a photo, signature, recording or scan, `{"$file": "door.jpg"}`
 * names one, beside the answers. It is read and made ready here.
 */
export async function withAnswerFiles(
  answers: AnswerDocument,
  answersFile: string,
): Promise<Result<AnswerDocument, Problem>> {
  const folder = answersFile === '-' ? '.' : dirname(answersFile)
  const read = await walk(answers, '', folder)
  return read.ok ? ok(read.value as AnswerDocument) : read
}

async function walk(value: unknown, path: string, folder: string): Promise<Result<unknown, Problem>> {
  if (typeof value !== 'object' || value === null) return ok(value)
  const file = fileOf(value)
  if (file !== null) return readFile(file, path, folder)
  const list = Array.isArray(value)
  const entries: [string, unknown][] = []
  for (const [key, inner] of Object.entries(value)) {
    const at = list ? `${path}[${Number(key) + 1}]` : path === '' ? key : `${path}/${key}`
    const done = await walk(inner, at, folder)
    if (!done.ok) return done
    entries.push([key, done.value])
  }
  return ok(list ? entries.map(([, one]) => one) : Object.fromEntries(entries))
}

function fileOf(value: object): string | null {
  const [[key, file] = [], ...others] = Object.entries(value)
  return key === '$file' && others.length === 0 && typeof file === 'string' ? file : null
}

async function readFile(file: string, path: string, folder: string): Promise<Result<AnswerFile, Problem>> {
  const { besideFile, prepareAnswerFile } = await import('../attachment/prepare-answer-file.ts')
  return prepareAnswerFile(besideFile(file, folder), { media: 'file', label: path, path })
}
