import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPayloadCaptures } from '../../shared/import/payload.ts';
import { dayOf } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { ListName } from '../../shared/model/list.ts';
import { slugOf } from '../../shared/model/paper.ts';
import { createOpenApi, type Operation } from '../../shared/web/openapi.ts';
import { routes } from '../../shared/web/routes.ts';
import { answerAt } from '../cli/saved.ts';
import { anArchive } from '../query/archive.ts';
import { instant } from '../support/build.ts';
import { jsonOf, siteOver } from './site.ts';

const DAY = '2026-03-04';
const WATCHED = [{ slug: 'agents', query: 'agents' }];

/** A capture of the invented feed, as a saved file. */
function capture(list: ListName, time: string, path: string, mediaType: string): Capture[] {
  const at = instant(time);
  const facts = { name: list, list, day: dayOf(at), at };
  const content = { mediaType, body: Buffer.from(answerAt(at, path)), cut: false };
  return createPayloadCaptures(facts, content, WATCHED);
}

const captures = ['2026-03-03T12:00:00Z', `${DAY}T12:00:00Z`, `${DAY}T18:00:00Z`].flatMap((at) => [
  ...capture('daily', at, `/api/daily_papers?date=${at.slice(0, 10)}&limit=100`, 'application/json'),
  ...capture('trending', at, '/papers/trending', 'text/html'),
  ...capture('watched:agents', at, '/papers?q=agents', 'text/html'),
]);

/** The name of the schema of an operation's answer; null where that is a file. */
const schemaOf = (operation: Operation | undefined): string | null =>
  /schemas\/([\w-]+)/.exec(JSON.stringify(Object.values(operation?.responses ?? {})[0] ?? null))?.[1] ?? null;

/** An answer with the first element of each array, long texts cut, and nothing that another zlib would compress differently. */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shorten);
  if (typeof value === 'string' && value.length > 80) return `${value.slice(0, 79)}…`;
  if (typeof value !== 'object' || value === null) return value;
  const file = 'sha256' in value && { bytes: 20_000, sha256: '0'.repeat(64) };
  return { ...Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner)])), ...file };
}

it('the OpenAPI document has for every address an example, which is what the site answers about invented papers', async () => {
  const ask = siteOver(await anArchive(captures, `${DAY}T20:00:00Z`));
  const { papers } = await jsonOf(ask(`/daily/${DAY}.json`));
  const isWhole = (paper: { organization: unknown; keywords: unknown }) => paper.organization && paper.keywords;
  const { id, keywords, organization, authors } = papers.find(isWhole);
  const { captures: listed } = await jsonOf(ask(`/captures.json?list=daily&from=${DAY}`));
  const slugs: Readonly<Record<string, string>> = {
    watched: 'agents',
    authors: slugOf(authors[0]) ?? '',
    organizations: organization.name,
    keywords: slugOf(keywords[0]) ?? '',
    topics: slugOf(keywords[0]) ?? '',
  };
  const fill = (path: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const slug = slugs[path.split('/')[1] ?? ''];
      const time = listed[0].key.split('/')[3].slice(0, 16);
      return { slug, day: DAY, id, week: '2026-W10', month: '2026-03', year: '2026', list: 'daily', time }[name] ?? '';
    });
  const { paths } = await createOpenApi('0.0.0', false);
  const examples: Record<string, unknown> = {};
  for (const [path, { get }] of Object.entries(paths)) {
    const id = schemaOf(get);
    if (id === null || id in examples) continue;
    const query = { '/search.json': '?q=agents', '/compare.json': `?topics=${slugs.topics}` }[path] ?? '';
    const answer = await ask(fill(path) + query);
    expect([path, answer.status]).toEqual([path, 200]);
    examples[id] = shorten(await jsonOf(answer));
  }
  await expect(`${JSON.stringify(examples)}\n`).toMatchFileSnapshot('../../shared/web/examples.json');
});

it('every example of the OpenAPI document fits the schema of its answer', async () => {
  const examples: Readonly<Record<string, unknown>> = JSON.parse(readFileSync('shared/web/examples.json', 'utf8'));
  const { paths } = await createOpenApi('0.0.0', false);
  for (const { question } of routes) {
    const path = `${question.path === '/' ? '/index' : question.path}.json`.replaceAll(/:(\w+)/g, '{$1}');
    const { error } = (await question.answer()).safeParse(examples[schemaOf(paths[path]?.get) ?? '']);
    expect([path, error?.issues ?? []]).toEqual([path, []]);
  }
});
