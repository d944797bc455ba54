import * as z from 'zod';
import { Problem } from '../query/answers.ts';
import { type Route, routes } from './routes.ts';

/** The OpenAPI 3.1 document of the site, made from the route table. */
export function openApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'paperkeep',
      version,
      description:
        "An archive of trending papers: what was shown when. Titles and abstracts are their authors'; numbers are as the feed showed them.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: Object.fromEntries([
      ...routes.map((route) => [pathOf(route), { get: operationOf(route) }]),
      ['/captures/{source}/{target}/{time}.warc.gz', { get: snapshotDownload }],
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
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' });
  return {
    operationId: path.split(/\W+/).filter(Boolean).join('-') || 'index',
    summary: says,
    ...(formats.length > 2 && { description: `Also as ${formats.filter((format) => format !== 'json').join(', ')}.` }),
    parameters: Object.entries(properties).map(([name, schema]) => ({
      name,
      in: path.includes(`:${name}`) ? 'path' : 'query',
      required: path.includes(`:${name}`) || (required.includes(name) && path.includes(`:${name}`)),
      schema,
    })),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: z.toJSONSchema(answer, { io: 'output' }) } },
      },
      400: problem('A parameter is not what it must be; each is named.'),
      404: problem('Nothing is known of it; `coverage` says what the archive holds.'),
    },
  };
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: z.toJSONSchema(Problem) } },
});

const snapshotDownload = {
  operationId: 'captures-snapshot',
  summary: 'The snapshot itself, a gzipped WARC file, as a download.',
  parameters: ['source', 'target', 'time'].map((name) => ({
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
