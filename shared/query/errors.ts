import { PaperkeepError } from '../lib/errors.ts';
import type { Coverage } from './common.schema.ts';

/** What is wrong with one parameter; `detail` goes on where its name ends: `must be a day`. */
export type InvalidParameter = { readonly parameter: string; readonly detail: string };

/** Parameters that cannot be used; names each of them. */
export class InvalidParametersError extends PaperkeepError {
  readonly errors: readonly InvalidParameter[];

  constructor(errors: readonly InvalidParameter[]) {
    const message = errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; ');
    super({ code: 'INVALID_PARAMETERS', message });
    this.errors = errors;
  }
}

/** The archive does not have the paper, name, list or capture that a question is about. */
export class NotFoundError extends PaperkeepError {
  /** Coverage of the list asked for; null when the question is not about one list. */
  readonly coverage: Coverage | null;

  /** @param code stable, in upper case: `NEVER_SEEN` */
  constructor(code: string, message: string, coverage: Coverage | null = null) {
    super({ code, message });
    this.coverage = coverage;
  }
}

/** The error for a paper that was never on any list. */
export const unknownPaperError = (id: string): NotFoundError =>
  new NotFoundError('NEVER_SEEN', `paper ${id} was never seen on any list`);
