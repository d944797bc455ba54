import * as z from 'zod';
import { type ListName, listKind, searchSlug } from '../model/list.ts';
import { readListMonths } from '../table/calendar.ts';
import type { QueryContext } from './context.ts';
import { type InvalidParameter, InvalidParametersError, NotFoundError } from './errors.ts';

/** A rule over several parameters, checked once each of them is valid: the error of the first of `parameters`, null when it holds. */
export type CrossFieldRule<P> = {
  readonly parameters: readonly (keyof P & string)[];
  check(values: P, context: Pick<QueryContext, 'clock'>): string | null;
};

/**
 * Whether answers cost many times as much as a page, because they read more as the archive grows or give a long list whole: never, always, or
 * only where the list is given whole (`.csv`, `.bib`). Feeds are slow in any class. Where strangers pay nothing, slow addresses share a limit.
 */
export type CostClass = 'fast' | 'slow' | 'slow-whole';

/**
 * One question to the archive: its path, its parameters and its answer, declared once. The site, the OpenAPI document and the CLI are made
 * from it. The schema of the answer is loaded when it is asked for, since answering needs only its type.
 */
export type Question<P extends z.ZodObject, S extends z.ZodType, C extends QueryContext = QueryContext> = {
  /** Path with `:name` for a parameter; `.json` after it gives the data. */
  readonly path: string;
  /** What it answers, one sentence. */
  readonly summary: string;
  /** When the archive does not have the subject, one sentence; absent where that cannot be. */
  readonly notFound?: string;
  /** `fast` when absent. */
  readonly costClass?: CostClass;
  readonly parameters: P;
  readonly rules?: readonly CrossFieldRule<z.output<P>>[];
  readonly answer: () => Promise<S>;
  /** `next` of an answer that comes in pages is the cursor of the next page. @throws {NotFoundError} when the archive does not have the subject */
  readonly run: (context: C, parameters: z.output<P>) => Promise<z.output<S>>;
};

/** Declares a question; infers its types. */
export const defineQuestion = <P extends z.ZodObject, S extends z.ZodType, C extends QueryContext = QueryContext>(
  question: Question<P, S, C>,
): Question<P, S, C> => question;

/** Parameters as text, by name; several values where one was given more than once. */
export type RawParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The JSON schemas of parameters by name, with examples and defaults: zod leaves them out where text is parsed, as it is for all of them. */
export const describeParameters = (
  parameters: z.ZodObject,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  (z.toJSONSchema(parameters, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      const left = def.type === 'default' ? { default: def.defaultValue } : {};
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema), left);
    },
  }).properties ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NO_AT = 'is understood by / and by lists; a history has from and to';

/**
 * Reads the parameters of a question: each by itself, then the rules over several of them.
 *
 * @throws {InvalidParametersError} naming everything that is wrong
 * @throws {NotFoundError} for a watched search that is neither watched nor archived
 */
export async function parseParameters<P extends z.ZodObject, S extends z.ZodType>(
  { parameters, rules = [] }: Pick<Question<P, S>, 'parameters' | 'rules'>,
  given: RawParameters,
  context: QueryContext,
): Promise<z.output<P>> {
  const values: Record<string, unknown> = {};
  // ignored, it would give the answer of now for that of then
  const errors: InvalidParameter[] =
    given.at === undefined || 'at' in parameters.shape ? [] : [{ parameter: 'at', detail: NO_AT }];
  for (const [parameter, schema] of Object.entries(parameters.shape)) {
    const text = given[parameter];
    const read = z.safeParse(schema, text);
    if (read.success) values[parameter] = read.data;
    else {
      const detail = Array.isArray(text) ? 'is given more than once' : (read.error.issues[0]?.message ?? '');
      errors.push({ parameter, detail });
    }
  }
  const invalid = new Set(errors.map(({ parameter }) => parameter));
  for (const {
    parameters: [first = '', ...others],
    check,
  } of rules) {
    const detail = [first, ...others].some((name) => invalid.has(name)) ? null : check(values as z.output<P>, context);
    if (detail !== null) errors.push({ parameter: first, detail });
  }
  if (errors.length > 0) throw new InvalidParametersError(errors);
  if (values.list) await requireKnownList(context, values.list as ListName);
  return values as z.output<P>;
}

/**
 * Checks that a list exists: `daily` and `trending` always do, a watched search while it is watched or archived.
 *
 * @throws {NotFoundError} for any other
 */
export async function requireKnownList({ table, watched = [] }: QueryContext, list: ListName): Promise<void> {
  if (listKind(list) !== 'watched' || watched.includes(list) || (await readListMonths(table)).has(list)) return;
  throw new NotFoundError('UNKNOWN_LIST', `no search is watched or archived under the name ${searchSlug(list)}`);
}
