import type { Result } from '@doorstep/core'

/** For tests: the value, or an error that tells the problem. */
export function expectOk<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.problem))
}
