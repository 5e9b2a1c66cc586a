// What can be wrong with the configuration, in words for a person. Nothing here may hold a secret or a text that could be one.

export interface Problem {
  readonly setting: string;
  /** What is wrong. */
  readonly message: string;
  /** Where to set what. */
  readonly fix: string;
}

/** A problem that shows up only when a value is used, such as a secret file that has gone. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.message} ${problem.fix}`);
    this.problem = problem;
  }
}
