import type { Problem } from '@doorstep/core'

/** An expected failure on its way out of a command: printed by `catch`, exit code 1. */
export class CommandFailure extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.type)
    this.problem = problem
  }
}
