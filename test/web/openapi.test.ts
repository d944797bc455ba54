import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../shared/web/routes.ts';
import { aSite, jsonOf, someCaptures } from './site.ts';

/** The parts of OpenAPI 3.1 that the document uses, strictly: a field that the standard does not know is refused. */
const Schema = z.looseObject({ $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional() });
const Reference = z.strictObject({ $ref: z.string().startsWith('#/components/') });
const Content = z.record(
  z.string().regex(/^\w+\/[\w.+-]+$/),
  z.strictObject({ schema: Schema.optional(), examples: z.strictObject({ answer: Reference }).optional() }),
);
const ResponseObject = z.strictObject({ description: z.string().min(1), content: Content.optional() });
const Parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query']),
  required: z.boolean(),
  allowEmptyValue: z.literal(true).optional(),
  schema: Schema,
});
const Operation = z.strictObject({
  operationId: z.string().regex(/^[\w-]+$/),
  summary: z.string().min(1),
  tags: z.array(z.string()).length(1),
  description: z.string().min(1),
  parameters: z.array(Parameter).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([ResponseObject, Reference])),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    contact: z.strictObject({ name: z.string(), url: z.url() }),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string().min(1) })),
  security: z.tuple([z.strictObject({}), z.strictObject({ token: z.tuple([]) })]),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^\w[\w-]*$/), Schema),
    responses: z.record(z.string(), ResponseObject),
    examples: z.record(z.string(), z.strictObject({ value: z.unknown() })),
    securitySchemes: z.strictObject({
      token: z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
    }),
  }),
  paths: z.record(z.string().startsWith('/'), z.strictObject({ get: Operation })),
});

/** The content of a response; none of one that is referred to. */
const contentOf = (response: z.output<typeof ResponseObject> | z.output<typeof Reference>) =>
  'content' in response ? (response.content ?? {}) : {};

/** A schema of the document, with the components that it refers to. */
function compile({ components }: z.output<typeof Document>, schema: unknown): z.ZodType {
  const whole = JSON.stringify({ ...(schema as object), $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')));
}

const read = async () => Document.parse(await jsonOf((await aSite())('/openapi.json')));
const operations = async () => Object.entries((await read()).paths).map(([path, { get }]) => ({ path, ...get }));

describe('the OpenAPI document', () => {
  it('is valid OpenAPI, and every operation has its own id', async () => {
    const names = (await operations()).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has sample: true while the papers are invented, as every answer does, and is not cached then', async () => {
    const answer = await (await aSite(someCaptures, true))('/openapi.json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { sample, ...document } = await jsonOf(answer);
    expect([sample, document]).toEqual([true, await read()]);
  });

  it('has every route, the snapshots and itself', async () => {
    expect((await operations()).map(({ path }) => path).sort()).toEqual(
      [
        ...routes.map(({ question: { path } }) =>
          `${path === '/' ? '/index' : path}.json`.replaceAll(/:(\w+)/g, '{$1}'),
        ),
        '/captures/{list}/{day}/{time}.warc.gz',
        '/exports/{path}',
        '/openapi.json',
      ].sort(),
    );
  });

  it('has no schema that nothing refers to', async () => {
    const document = await read();
    const text = JSON.stringify(document);
    const names = Object.keys(document.components.schemas);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([]);
  });

  it('names each parameter once, and those of the path exactly as the path does', async () => {
    for (const { path, parameters = [] } of await operations()) {
      const names = parameters.map(({ name }) => name);
      expect([path, new Set(names).size]).toEqual([path, names.length]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name).sort()).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      );
      expect(inPath.every(({ required }) => required)).toBe(true);
      const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
      expect(required.map(({ name }) => name)).toEqual(path === '/compare.json' ? ['topics'] : []);
      // an empty value counts as left out, which only a parameter that is not required may be
      expect(required.filter(({ allowEmptyValue }) => allowEmptyValue)).toEqual([]);
    }
  });

  it('has for every parameter and answer a schema that can be compiled', async () => {
    const schemas = (await operations()).flatMap(({ parameters = [], responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...Object.values(responses).flatMap((response) =>
        Object.values(contentOf(response)).flatMap(({ schema }) => schema ?? []),
      ),
    ]);
    expect(schemas.length).toBeGreaterThan(routes.length);
    expect(compile(await read(), { anyOf: schemas })).toBeDefined();
  });

  it('describes every parameter, with an example or its default', async () => {
    const { parameters = [] } = (await read()).paths['/captures.json']?.get ?? {};
    const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    expect(schemas).toMatchObject({
      list: { type: 'string', examples: ['daily'] },
      from: { type: 'string', format: 'date', examples: ['2025-01-08'] },
      limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
      cursor: { type: 'string' },
    });
  });

  it.each([
    ['/index.json', '/index.json'],
    ['/daily/{day}.json', '/daily/2025-01-08.json'],
    ['/papers/{id}.json', '/papers/2501.00001.json'],
    ['/papers/{id}/history.json', '/papers/2501.00001/history.json'],
    ['/movers.json', '/movers.json'],
    ['/search.json', '/search.json?q=paper&list=daily&minUpvotes=1'],
    ['/papers/{id}/similar.json', '/papers/2501.00001/similar.json'],
    ['/new.json', '/new.json?since=2025-01-08'],
    ['/coverage.json', '/coverage.json'],
    ['/captures.json', '/captures.json'],
    ['/-/health.json', '/-/health.json'],
  ])('describes at %s the responses of the site', async (path, asked) => {
    const ask = await aSite();
    const document = await read();
    const response = document.paths[path]?.get.responses['200'];
    const schema = response && contentOf(response)['application/json']?.schema;
    const parsed = compile(document, schema).safeParse(await jsonOf(ask(asked)));
    expect(parsed.error?.issues ?? []).toEqual([]);
  });
});
