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

/** What is wrong with a parameter: its name, and how its sentence goes on. */
export type BadParameter = { readonly parameter: string; readonly detail: string };

/** 400 that names each bad parameter. */
export const badParameters = (errors: readonly BadParameter[]): Refusal =>
  new Refusal(400, 'Bad request', errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; '), {
    errors: [...errors],
  });

/** What makes an answer smaller, where an address has it. */
const NARROWING = ['from', 'to', 'since'];

/**
 * 400 for what would be larger than can be sent, with the parameters that make it smaller. It is no 413, which is said of what was sent
 * here, and no 5xx, at which the owner is alarmed: what was asked is at fault, and asked for less it is answered.
 */
export function tooLarge(bytes: number, largest: number, { shape }: { readonly shape: object }): Refusal {
  const megabytes = (of: number) => `${(of / 1e6).toFixed(1)} MB`;
  const parameters = NARROWING.filter((name) => name in shape);
  const mend = parameters.length > 0 ? `: ask for less with ${parameters.join(' and ')}` : '';
  const detail = `this answer has ${megabytes(bytes)}, and ${megabytes(largest)} can be sent at once${mend}`;
  const errors = parameters.map((parameter) => ({ parameter, detail: 'leaves too much' }));
  return new Refusal(400, 'Too large', detail, { errors });
}

/** 404 with what the whole archive holds. */
export async function notFound({ records }: Archive, what: string): Promise<Refusal> {
  const lists = [...(await listsOf(records))].map(([list, months]) => ({
    list,
    firstMonth: months[0] as string,
    lastMonth: months.at(-1) as string,
  }));
  return new Refusal(404, 'Not found', what, { coverage: { lists } });
}
