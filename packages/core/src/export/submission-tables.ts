/** Submissions as tables, as ODK Central lays them out: groups as columns, each repeat as a table of its own. */
import { keyOf, type Leaf, type Shape } from './submission-shape.ts'

export type SubmissionTable = {
  /** '' for the submissions themselves, else the repeat's path, joined like the columns. */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}
export type Submission = {
  readonly root: Element
  /** Of the visit, before and after the answers. */
  readonly before: readonly (string | null)[]
  readonly after: readonly (string | null)[]
}
export type TableStyle = {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Between the names of groups and questions. */
  readonly separator: string
  /** A column for each choice of a question with several answers, beside the answers themselves. */
  readonly split: boolean
}

export function submissionTables(
  shape: Shape,
  submissions: readonly Submission[],
  style: TableStyle,
): readonly SubmissionTable[] {
  const paths = ['', ...[...shape.repeats].filter((one) => shape.leaves.some(({ path }) => isIn(path, one)))]
  const builders = new Map(paths.map((path) => [path, new Builder(path, shape, style)]))
  for (const { root, before, after } of submissions) {
    const key = childText(root, ['meta', 'instanceID']) ?? ''
    walk(builders, root, '', key, key, { before, after })
  }
  return paths.map((path) => builders.get(path)!.table())
}

type Around = { readonly before: readonly (string | null)[]; readonly after: readonly (string | null)[] }

function walk(
  builders: ReadonlyMap<string, Builder>,
  element: Element,
  path: string,
  key: string,
  parentKey: string,
  around: Around | null,
): void {
  builders.get(path)?.add(element, key, parentKey, around)
  const below = (parent: Element, at: string) => {
    const counts = new Map<string, number>()
    for (const child of parent.children) {
      const own = at === '' ? child.localName : `${at}/${child.localName}`
      if (!builders.has(own)) {
        if (child.children.length > 0) below(child, own)
        continue
      }
      const count = (counts.get(own) ?? 0) + 1
      counts.set(own, count)
      const inner = path === '' ? own : own.slice(path.length + 1)
      walk(builders, child, own, `${key}/${inner}[${count}]`, key, null)
    }
  }
  below(element, path)
}

/** Stands in this repeat, and in no repeat within it. */
const isIn = (path: readonly string[], repeat: string): boolean => keyOf(path).startsWith(`${repeat}/`)

class Builder {
  readonly #path: string
  readonly #leaves: readonly Leaf[]
  readonly #style: TableStyle
  readonly #rows: {
    readonly values: readonly (string | null)[]
    readonly ends: readonly (string | null)[]
    readonly starts: readonly (string | null)[]
  }[] = []

  constructor(path: string, { leaves, repeats }: Shape, style: TableStyle) {
    this.#path = path
    this.#style = style
    const inner = [...repeats].filter((one) => one !== path && (path === '' || one.startsWith(`${path}/`)))
    this.#leaves = leaves.filter(
      (leaf) => (path === '' || isIn(leaf.path, path)) && !inner.some((one) => isIn(leaf.path, one)),
    )
  }

  add(element: Element, key: string, parentKey: string, around: Around | null): void {
    const depth = this.#path === '' ? 0 : this.#path.split('/').length
    this.#rows.push({
      values: this.#leaves.map(({ path }) => childText(element, path.slice(depth))),
      starts: around?.before ?? [],
      ends: around ? [key, ...around.after] : [parentKey, key],
    })
  }

  table(): SubmissionTable {
    const { separator, split, before, after } = this.#style
    const isMain = this.#path === ''
    const wide = this.#leaves.map((leaf, at) => (split && leaf.choices ? this.#chosen(leaf, at) : []))
    const from = isMain ? 0 : this.#path.split('/').length
    return {
      name: this.#path.replaceAll('/', separator),
      columns: [
        ...(isMain ? before : []),
        ...this.#leaves.flatMap(({ path }, at) => {
          const name = path.slice(from).join(separator)
          return [name, ...wide[at]!.map((choice) => `${name}/${choice}`)]
        }),
        ...(isMain ? ['KEY', ...after] : ['PARENT_KEY', 'KEY']),
      ],
      rows: this.#rows.map(({ values, starts, ends }) => [
        ...starts,
        ...values.flatMap((text, at) => [
          cell(text, this.#leaves[at]!),
          ...wide[at]!.map((choice) => (text === null ? null : text.split(/\s+/).includes(choice) ? 1 : 0)),
        ]),
        ...ends,
      ]),
    }
  }

  /** Those of the form, and what was chosen from a file. */
  #chosen({ choices }: Leaf, at: number): string[] {
    const given = this.#rows.flatMap(({ values }) => values[at]?.split(/\s+/) ?? [])
    return [...new Set([...choices!, ...given])].filter((one) => one !== '')
  }
}

const cell = (text: string | null, { isNumber }: Leaf): string | number | null => {
  if (text === null || !isNumber) return text
  const number = Number(text)
  return text !== '' && Number.isFinite(number) && String(number) === text ? number : text
}

/** Null where there is no such node, or nothing in it. */
function childText(element: Element, path: readonly string[]): string | null {
  let at: Element | undefined = element
  for (const name of path) at = [...(at?.children ?? [])].find((one) => one.localName === name)
  const text = at?.textContent?.trim() ?? ''
  return text === '' ? null : text
}
