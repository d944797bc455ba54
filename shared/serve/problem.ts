import type { Problem } from '../query/answers.ts';

/** A request that cannot be answered as asked; becomes an RFC 9457 problem. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(status: 400 | 404 | 405 | 500, title: string, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.problem = { type: 'about:blank', title, status, detail, ...more };
  }
}

/** 400 that names each bad parameter. */
export const badParameters = (errors: readonly { parameter: string; detail: string }[]): Refusal =>
  new Refusal(400, 'Bad request', errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; '), {
    errors: [...errors],
  });
