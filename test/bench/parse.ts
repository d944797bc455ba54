/**
 * What parsing costs: ratios to a floor measured in the same run, on invented data of the true shape and size
 * (and on real captures when PAPERKEEP_CORPUS names a folder of them). Every run gets a fresh capture, so that nothing remembered is measured.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio/slim';
import type { Day } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anEntry, anExchange, aPage, bytesOf, DAY } from '../parse/feed.ts';
import { ratioOf, takingTurns } from './measure.ts';

/** A ratio: how many times the floor it takes, and the most it may. */
export type Ratio = { readonly name: string; readonly value: number; readonly floor: string; readonly limit: number };

const ROUNDS = 40;

/** Rounds that are not counted: until the engine has compiled what runs often, as in a process that collects for days. */
const WARM_UP = 40;

/** How many times the floor the work takes, each round measured against its own floor. */
async function ratio(work: () => unknown, floor: () => unknown): Promise<number> {
  await takingTurns(WARM_UP, [work, floor]);
  return ratioOf(await takingTurns(ROUNDS, [work, floor]), 0, 1);
}

type Body = { readonly day: Day; readonly body: Uint8Array };

// Made once: their defaults hold a body of their own, which is not to be measured.
const DAILY = aCapture();
const API_PAGE = anExchange({ url: 'https://huggingface.co/api/daily_papers?limit=100&p=0' });
const TRENDING_PAGE = anExchange({ url: 'https://huggingface.co/papers/trending' });

const daily = ({ day, body }: Body): Capture => ({ ...DAILY, day, exchanges: [{ ...API_PAGE, body }] });
const trending = (body: Uint8Array): Capture => ({
  ...DAILY,
  list: 'trending',
  exchanges: [{ ...TRENDING_PAGE, body }],
});

/** Parsing responses of the API against `JSON.parse` of the same bytes. */
async function measureJson(name: string, bodies: readonly Body[]): Promise<Ratio> {
  const value = await ratio(
    () => bodies.map((body) => parsers.daily.parse(daily(body))),
    () => bodies.map(({ body }) => JSON.parse(new TextDecoder().decode(body))),
  );
  return { name, value, floor: 'JSON.parse of the same bytes', limit: 2 };
}

/** Parsing a trending page against loading it into cheerio and reading its cards. */
async function measurePage(name: string, body: Uint8Array): Promise<Ratio> {
  const value = await ratio(
    () => parsers.trending.parse(trending(body)),
    () => {
      const $ = load(new TextDecoder().decode(body));
      return $('article')
        .toArray()
        .map((card) => [
          $('h3 a', card).first().text(),
          $('h3 a', card).first().attr('href'),
          $('.text-orange-500', card).first().text(),
        ]);
    },
  );
  return { name, value, floor: 'cheerio.load and reading the cards', limit: 0.2 };
}

/** All ratios of the parse stage. */
export async function benchParse(): Promise<Ratio[]> {
  const entries = Array.from({ length: 100 }, (_, at) => anEntry({ at, words: 190, authors: 12 }));
  const ratios = [
    await measureJson('parse a daily API page of 100 papers', Array(8).fill({ day: DAY, body: bytesOf(entries) })),
    await measurePage(
      'parse a trending page of 1.5 MB',
      bytesOf(aPage({ entries: entries.slice(0, 50), padTo: 1_500_000 })),
    ),
  ];
  const corpus = process.env.PAPERKEEP_CORPUS;
  if (!corpus) return ratios;
  const folder = join(corpus, 'api-daily');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json.gz'))
    .sort();
  const bodies = (names: string[]) =>
    names.map((file) => ({
      day: file.slice(0, 10) as Day,
      body: new Uint8Array(gunzipSync(readFileSync(join(folder, file)))),
    }));
  return [...ratios, await measureJson('parse the 40 newest real captures', bodies(files.slice(-40)))];
}

if (import.meta.main)
  for (const { name, value, floor, limit } of await benchParse())
    process.stdout.write(`${name}: ${value.toFixed(2)} (limit ${limit}, against ${floor})\n`);
