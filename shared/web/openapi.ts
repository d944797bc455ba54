import * as z from 'zod';
import * as schemas from '../query/all-schemas.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/**
 * The OpenAPI 3.1 document of the site, made from the route table. While the papers are made up it says `sample: true`, as every answer does;
 * else it says nothing of them, because the standard knows no such field.
 */
export function createOpenApi(version: string, sample: boolean): object {
  return {
    openapi: '3.1.0',
    ...(sample && { sample }),
    info: {
      title: 'paperkeep',
      version,
      description:
        "An archive of trending papers: what was shown when. Titles and abstracts are their authors'; numbers are as the feed showed them.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: Object.fromEntries([
      ...routes.map((route) => [pathOf(route), { get: operationOf(route) }]),
      ['/captures/{list}/{day}/{time}.warc.gz', { get: snapshotDownload }],
      ['/exports/{path}', { get: exportDownload }],
      [
        '/openapi.json',
        {
          get: {
            operationId: 'openapi',
            summary: 'This document.',
            responses: { 200: { description: 'OpenAPI 3.1' } },
          },
        },
      ],
    ]),
  };
}

const pathOf = ({ path }: Route): string => `${path === '/' ? '/index' : path}.json`.replaceAll(/:(\w+)/g, '{$1}');

function operationOf({ path, says, params, answer, formats }: Route) {
  const inPath = new Set(path.match(/(?<=:)\w+/g));
  const others = formats.filter((format) => format !== 'json');
  return {
    operationId: path.split(/\W+/).filter(Boolean).join('-') || 'index',
    summary: says,
    description: `Also as ${others.join(', ')}.`,
    parameters: parametersOf(params).map(([name, schema]) => ({
      name,
      in: inPath.has(name) ? 'path' : 'query',
      required: inPath.has(name),
      schema,
    })),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: schemaOf(answer(schemas)) } },
      },
      400: problem('A parameter is not what it must be; each is named.'),
      404: problem('Nothing is known of it; `coverage` says what the archive holds.'),
      ...(path === '/-/health' && {
        503: {
          description: 'The archive is stale or empty.',
          content: { 'application/json': { schema: schemaOf(answer(schemas)) } },
        },
      }),
    },
  };
}

/** A route's parameters by name, with examples and defaults: zod leaves those out where text is read into something else, as all of them are. */
function parametersOf(params: z.ZodObject) {
  const { properties = {} } = z.toJSONSchema(params, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      const left = def.type === 'default' ? { default: def.defaultValue } : {};
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema), left);
    },
  });
  return Object.entries(properties);
}

const schemaOf = (answer: z.ZodType) => z.toJSONSchema(answer, { io: 'output' });

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: schemaOf(schemas.ProblemAnswer) } },
});

const snapshotDownload = {
  operationId: 'captures-snapshot',
  summary: 'The snapshot itself, a gzipped WARC file, as a download.',
  parameters: ['list', 'day', 'time'].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  responses: {
    200: { description: 'The file.', content: { 'application/warc': {} } },
    404: problem('There is no such snapshot.'),
  },
};

const exportDownload = {
  operationId: 'exports-file',
  summary: 'A file of the newest export, as a download; `path` is as the export lists it, with its slashes.',
  parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }],
  responses: {
    200: { description: 'The file.', content: { 'application/octet-stream': {} } },
    404: problem('The newest export has no such file, or this site gives none.'),
  },
};
