/** Expected failures are values. Throwing is for bugs. */
export type Result<T, P extends Problem = Problem> = Ok<T> | Failed<P>
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Failed<P extends Problem = Problem> = { readonly ok: false; readonly problem: P }

/** What went wrong: `type` chooses the wording (kept in the cli, in both languages), the rest fills it. */
export type Problem = { readonly type: string; readonly [detail: string]: unknown }

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const fail = <P extends Problem>(problem: P): Failed<P> => ({ ok: false, problem })

/** For callers who hold that a failure here would be a bug of ours. */
export function expectOk<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`unexpected ${result.problem.type}: ${JSON.stringify(result.problem)}`)
}
