import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import { listKind } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anExchange, bytesOf } from './feed.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';

const read = (list: ListName, day: string, url: string, body: Uint8Array) =>
  parsers[listKind(list)].parse(
    aCapture({
      list,
      day: day as Day,
      imported: true,
      exchanges: [anExchange({ url, status: null, sent: null, body })],
    }),
  );
const fileOf = (...path: string[]) => readFileSync(join(corpus, ...path));
const withoutData = (html: string) => html.replace('data-target="DailyPapers"', '');

describe.skipIf(!corpus)('The parsers on real captures', () => {
  test('read every daily response as a plain loop over its JSON reads it', () => {
    const plain = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
    const files = readdirSync(join(corpus, 'api-daily')).filter((file) => file.endsWith('.json.gz'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const body = gunzipSync(fileOf('api-daily', file));
      const day = file.slice(0, 10);
      const { outcome, why, listing } = read('daily', day, `https://huggingface.co/api/daily_papers?date=${day}`, body);
      expect({ file, outcome, why, rejects: listing?.rejects, unknown: listing?.unknown }).toEqual({
        file,
        outcome: 'list',
        why: '',
        rejects: [],
        unknown: {},
      });
      const wanted = JSON.parse(body.toString()).map(
        ({ paper, numComments }: { paper: Record<string, never>; numComments: number }, at: number) => [
          at + 1,
          paper.id,
          paper.upvotes,
          numComments,
          paper.githubStars ?? null,
          plain(paper.title ?? ''),
          plain(paper.summary ?? ''),
          day,
        ],
      );
      const got = listing?.rows.map(({ rank, id, upvotes, comments, githubStars, content }) => [
        rank,
        id,
        upvotes,
        comments,
        githubStars,
        content.title,
        content.abstract,
        content.listedOn,
      ]);
      expect(got).toEqual(wanted);
    }
  });

  test.each<[string, ListName, string, number]>([
    ['2024-08-01_papers-date_captured-2024-08-11.html', 'daily', '2024-08-01', 13],
    ['2026-08-21_day_reconstructed.html', 'daily', '2026-08-21', 17],
    ['2026-10-07_trending_2entries_reconstructed.html', 'trending', '2026-10-07', 2],
  ])('read the same from the cards of %s as from its hydration data', (file, list, day, count) => {
    const html = fileOf('html', file).toString();
    const page = read(list, day, 'https://huggingface.co/papers', bytesOf(html));
    // what was reconstructed of the day page of 2026 does not name its day outside of the data
    const as = file.includes('reconstructed') ? 'trending' : list;
    const cards = read(as, day, 'https://huggingface.co/papers', bytesOf(withoutData(html)));
    expect(page).toMatchObject({
      outcome: 'list',
      why: '',
      listing: { via: 'page', listed: count, rejects: [], unknown: {} },
    });
    expect(cards).toMatchObject({
      outcome: 'list',
      why: '',
      listing: { via: 'cards', listed: count, rejects: [], unknown: {} },
    });
    const said = (parsed: typeof page) =>
      parsed.listing?.rows.map(({ rank, id, upvotes, content }) => [
        rank,
        id,
        upvotes,
        content.title,
        content.submittedBy,
      ]);
    expect(said(cards)).toEqual(said(page));
  });

  test('read the day page of 2026 as the list of its day', () => {
    const parsed = read(
      'daily',
      '2026-08-21',
      'https://huggingface.co/papers',
      fileOf('html', '2026-08-21_day_reconstructed.html'),
    );
    expect(parsed).toMatchObject({ outcome: 'list', listing: { via: 'page', listed: 17 } });
  });

  test('read 55 papers with abstracts from the copied page', () => {
    const { listing } = read(
      'watched:copied',
      '2026-03-12',
      'https://huggingface.co/papers?q=x',
      fileOf('html', 'seed-page.txt'),
    );
    expect(listing).toMatchObject({ via: 'text', listed: 55 });
    expect(
      listing?.rows.every(({ content }) => content.title.length < 170 && (content.abstract?.length ?? 0) > 1_000),
    ).toBe(true);
  });
});
