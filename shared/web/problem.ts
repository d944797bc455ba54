import type { QueryContext } from '../query/context.ts';
import type { Problem } from '../query/schemas.ts';
import { readListMonths } from '../table/calendar.ts';

/** A request that cannot be answered as asked; becomes an RFC 9457 problem. */
export class HttpProblem extends Error {
  readonly problem: Problem;

  constructor(status: 400 | 404 | 405 | 500, title: string, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.problem = { type: 'about:blank', title, status, detail, ...more };
  }
}

/** What is wrong with a parameter: its name, and how its sentence goes on. */
export type BadParameter = { readonly parameter: string; readonly detail: string };

/** 400 that names each bad parameter. */
export const badParameters = (errors: readonly BadParameter[]): HttpProblem =>
  new HttpProblem(400, 'Bad request', errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; '), {
    errors: [...errors],
  });

/** What makes an answer smaller, where an address has it. */
const NARROWING = ['from', 'to', 'since'];

/**
 * 400 for what would be larger than can be sent, with the parameters that make it smaller. It is no 413, which is said of what was sent
 * here, and no 5xx, at which the owner is alarmed: what was asked is at fault, and asked for less it is answered.
 */
export function responseTooLarge(bytes: number, largest: number, { shape }: { readonly shape: object }): HttpProblem {
  const megabytes = (of: number) => `${(of / 1e6).toFixed(1)} MB`;
  const parameters = NARROWING.filter((name) => name in shape);
  const hint = parameters.length > 0 ? `: ask for less with ${parameters.join(' and ')}` : '';
  const detail = `this answer has ${megabytes(bytes)}, and ${megabytes(largest)} can be sent at once${hint}`;
  const errors = parameters.map((parameter) => ({ parameter, detail: 'leaves too much' }));
  return new HttpProblem(400, 'Too large', detail, { errors });
}

/** 404 with what the whole archive holds. */
export async function notFound({ table }: QueryContext, what: string): Promise<HttpProblem> {
  const lists = [...(await readListMonths(table))].map(([list, months]) => ({
    list,
    firstMonth: months[0] as string,
    lastMonth: months.at(-1) as string,
  }));
  return new HttpProblem(404, 'Not found', what, { coverage: { lists } });
}
