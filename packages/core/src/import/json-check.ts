/** What is wrong in a hand-written file, and where: `records.building.fields.storeys`. */
export type Fault = { readonly path: string; readonly rule: string; readonly [detail: string]: unknown }

export type JsonObject = Readonly<Record<string, unknown>>

/** Walks through unknown JSON and collects every fault, so that a file is put right in one go. */
export class JsonCheck {
  readonly faults: Fault[] = []

  fault(path: string, rule: string, detail: Readonly<Record<string, unknown>> = {}): null {
    this.faults.push({ path, rule, ...detail })
    return null
  }

  /** `allowed` null: any key. A key that nobody reads is a typing mistake. */
  object(value: unknown, path: string, allowed: readonly string[] | null): JsonObject | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.fault(path, 'not-an-object')
    for (const key of Object.keys(value))
      if (allowed && !allowed.includes(key)) this.fault(join(path, key), 'unknown-key', { allowed })
    return value as JsonObject
  }

  text(value: unknown, path: string): string | null {
    return typeof value === 'string' && value !== '' ? value : this.fault(path, 'not-a-text')
  }

  flag(value: unknown, path: string): boolean {
    if (value === undefined) return false
    if (typeof value !== 'boolean') this.fault(path, 'not-true-or-false')
    return value === true
  }

  list(value: unknown, path: string): readonly unknown[] {
    if (Array.isArray(value)) return value
    this.fault(path, 'not-a-list')
    return []
  }

  oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[], otherwise: T): T {
    if (value === undefined) return otherwise
    const found = allowed.find((item) => item === value)
    if (found === undefined) this.fault(path, 'not-one-of', { allowed, found: value })
    return found ?? otherwise
  }
}

export const join = (path: string, key: string | number): string =>
  path === '' ? `${key}` : `${path}.${key}`
