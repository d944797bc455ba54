import type { Problem } from '../query/answers.ts';
import type { Archive } from '../query/store.ts';
import { listsOf } from '../record/calendar.ts';

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

/** 404 with what the whole archive holds. */
export async function notFound({ records }: Archive, what: string): Promise<Refusal> {
  const lists = [...(await listsOf(records))].map(([list, months]) => ({
    list,
    firstMonth: months[0] as string,
    lastMonth: months.at(-1) as string,
  }));
  return new Refusal(404, 'Not found', what, { coverage: { lists } });
}
