import * as z from 'zod';
import * as issues from '../digest/issues.schema.ts';
import * as captures from '../query/captures.schema.ts';
import { captureQuestion } from '../query/captures.ts';
import * as common from '../query/common.schema.ts';
import * as coverage from '../query/coverage.schema.ts';
import * as exports from '../query/exports.schema.ts';
import * as health from '../query/health.schema.ts';
import * as list from '../query/list.schema.ts';
import * as milestones from '../query/milestones.schema.ts';
import * as movers from '../query/movers.schema.ts';
import * as names from '../query/names.schema.ts';
import * as newPapers from '../query/new.schema.ts';
import * as paper from '../query/paper.schema.ts';
import * as problem from '../query/problem.schema.ts';
import { describeParameters } from '../query/question.ts';
import * as replay from '../query/replay.schema.ts';
import * as search from '../query/search.schema.ts';
import * as similar from '../query/similar.schema.ts';
import * as top from '../query/top.schema.ts';
import * as topics from '../query/topics.schema.ts';
import * as watched from '../query/watched.schema.ts';
import examples from './examples.json' with { type: 'json' };
import type { Route } from './route.ts';
import { routesByTag } from './routes.ts';

const modules = [
  captures,
  common,
  coverage,
  exports,
  health,
  issues,
  list,
  milestones,
  movers,
  names,
  newPapers,
  paper,
  problem,
  replay,
  search,
  similar,
  top,
  topics,
  watched,
];

/** A parameter of an address, with its JSON Schema. */
export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly allowEmptyValue?: true;
  readonly schema: {
    readonly type?: string;
    readonly description?: string;
    readonly enum?: readonly string[];
    readonly examples?: readonly string[];
    readonly default?: string | number;
  };
};

/** The GET operation of an address. */
export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses: object;
};

/** The parts of an OpenAPI document that documentation for people is made from. */
export type OpenApiDocument = {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
};

/** The OpenAPI 3.1 document of the site. While the papers are invented it has `sample: true`, as every answer does; else no such field. */
export async function createOpenApi(version: string, sample: boolean): Promise<OpenApiDocument> {
  const components = z.registry<{ id: string }>();
  for (const [id, schema] of modules.flatMap((module) => Object.entries(module)))
    if (/^[A-Z]/.test(id) && schema instanceof z.ZodType) components.add(schema, { id });
  const operations: [path: string, { readonly get: Operation }][] = [];
  for (const [tag, routesOfTag] of Object.entries(routesByTag))
    for (const route of routesOfTag) {
      const { path } = route.question;
      const schema = await route.question.answer();
      const id = components.get(schema)?.id ?? `${operationId(path)}Answer`;
      components.add(schema, { id });
      operations.push([toTemplate(path), { get: { ...describeOperation(route, id), tags: [tag] } }]);
    }
  const document = {
    openapi: '3.1.0',
    ...(sample && { sample }),
    info: {
      title: 'paperkeep',
      version,
      description:
        "Hugging Face's daily and trending papers, recorded every hour. Titles and abstracts are their authors'; numbers are as the feed showed them.",
      contact: { name: 'paperkeep', url: 'https://github.com/paperkeep/paperkeep' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths: {
      ...Object.fromEntries(operations),
      '/captures/{list}/{day}/{time}.warc.gz': { get: { ...SNAPSHOT_DOWNLOAD, tags: ['archive'] } },
      '/exports/{path}': { get: { ...EXPORT_DOWNLOAD, tags: ['archive'] } },
      '/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document.',
          description: 'Clients can be generated from it.',
          tags: ['archive'],
          responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': {} } }, 401: UNAUTHORIZED },
        },
      },
    },
    security: [{}, { token: [] }],
    components: {
      schemas: dropUnused(
        z.toJSONSchema(components, { io: 'output', uri: reference }).schemas,
        JSON.stringify(operations),
      ),
      examples: Object.fromEntries(Object.entries(examples).map(([id, value]) => [id, { value }])),
      responses: {
        Invalid: describeProblem('Parameters are invalid; each of them is named.'),
        Unauthorized: describeProblem('The site is behind a token, and the request has none that is valid.'),
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Only where the owner put the site behind a token.' },
      },
    },
  };
  return document;
}

/** The schemas that the operations refer to, directly or through other schemas. */
function dropUnused(schemas: Readonly<Record<string, object>>, operations: string): Readonly<Record<string, object>> {
  const used = new Map<string, object>();
  const add = (text: string) => {
    for (const [, id = ''] of text.matchAll(/"#\/components\/schemas\/([\w-]+)"/g)) {
      if (used.has(id)) continue;
      const { $id, $schema, ...schema } = schemas[id] as Readonly<Record<string, unknown>>;
      used.set(id, schema);
      add(JSON.stringify(schema));
    }
  };
  add(operations);
  return Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const TAGS = [
  { name: 'lists', description: 'The daily and trending lists and watched searches.' },
  { name: 'papers', description: 'One paper, and the ways to find papers.' },
  { name: 'trends', description: 'Movers, leaderboards and topics.' },
  { name: 'digests', description: 'The issues of the mail that follows everything; only where mail is set up.' },
  { name: 'archive', description: 'What was captured, exports, health and versions.' },
];

const reference = (id: string): string => `#/components/schemas/${id}`;

const operationId = (path: string): string => path.split(/\W+/).filter(Boolean).join('-') || 'index';

const toTemplate = (path: string): string => `${path === '/' ? '/index' : path}.json`.replaceAll(/:(\w+)/g, '{$1}');

function describeOperation({ question, formats }: Route, answerId: string) {
  const { path, summary, parameters, notFound } = question;
  const inPath = new Set(path.match(/(?<=:)\w+/g));
  const others = formats.filter((format) => format !== 'json');
  const example = { examples: { answer: { $ref: `#/components/examples/${answerId}` } } };
  const schema = { $ref: reference(answerId) };
  const described = Object.entries(describeParameters(parameters)).map(([name, schema]): Parameter => {
    if (inPath.has(name)) return pathParameter(name, schema);
    const required = !parameters.shape[name]?.safeParse(undefined).success;
    // an empty value counts as left out
    return { name, in: 'query', required, ...(!required && { allowEmptyValue: true }), schema };
  });
  const missing = notFound ?? ('list' in parameters.shape ? 'No search is watched under that name.' : null);
  return {
    operationId: operationId(path),
    summary,
    description: others.length > 0 ? `Also as ${others.join(', ')}.` : 'As JSON only.',
    parameters: described,
    responses: {
      200: { description: 'The answer.', content: { 'application/json': { schema, ...example } } },
      400: INVALID,
      401: UNAUTHORIZED,
      ...(missing && { 404: describeProblem(`${missing} \`coverage\` has what the archive holds.`) }),
      ...(path === '/-/health' && {
        503: { description: 'The archive is stale or empty.', content: { 'application/json': { schema } } },
      }),
    },
  };
}

const describeProblem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: reference('ProblemAnswer') } } },
});

const INVALID = { $ref: '#/components/responses/Invalid' };
const UNAUTHORIZED = { $ref: '#/components/responses/Unauthorized' };

const pathParameter = (name: string, schema: Parameter['schema']): Parameter => ({
  name,
  in: 'path',
  required: true,
  schema,
});

const SNAPSHOT_DOWNLOAD = {
  operationId: 'captures-snapshot',
  summary: 'The snapshot itself, a gzipped WARC file, as a download.',
  description: 'It is never changed. `Range` is understood.',
  parameters: Object.entries(describeParameters(captureQuestion.parameters)).map(([name, schema]) =>
    pathParameter(name, schema),
  ),
  responses: {
    200: { description: 'The file.', content: { 'application/warc': {} } },
    400: INVALID,
    401: UNAUTHORIZED,
    404: describeProblem('There is no such snapshot.'),
  },
};

const EXPORT_DOWNLOAD = {
  operationId: 'exports-file',
  summary: 'A file of the newest export, as a download; `path` is as the export lists it, with its slashes.',
  description: '`Range` is understood.',
  parameters: [pathParameter('path', { type: 'string' })],
  responses: {
    200: { description: 'The file.', content: { 'application/octet-stream': {} } },
    401: UNAUTHORIZED,
    404: describeProblem('The newest export has no such file, or this site gives none.'),
  },
};
