import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, run, spawned } from '../cli/run.ts';

const CORPUS = process.env.PAPERKEEP_CORPUS ?? '';

describe.skipIf(!CORPUS)('importing saved pages of the real feed', () => {
  const html = (name: string) => join(CORPUS, 'html', name);

  it('reads the day page of 2024, and a day page and a trending page of 2026', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const old = html('2024-08-01_papers-date_captured-2024-08-11.html');
    const imported = await spawned(
      ['import', old, '--list', 'daily', '--day', '2024-08-01', '--at', '2024-08-11T00:00:00Z'],
      env,
    );
    expect(imported).toMatchObject({ exit: 0, err: '' });
    const { papers, coverage } = JSON.parse((await run(['show', 'daily', '2024-08-01', '--json'], env)).out);
    expect(papers).toHaveLength(13);
    expect(papers[0]).toMatchObject({ rank: 1, listedOn: '2024-08-01' });
    expect(coverage).toMatchObject({ status: 'captured', complete: null });

    const day = [
      'import',
      html('2026-08-21_day_reconstructed.html'),
      '--list',
      'daily',
      '--at',
      '2026-08-22T06:00:00Z',
    ];
    expect(await run(day, env)).toMatchObject({ exit: 0 });
    expect(JSON.parse((await run(['show', 'daily', '2026-08-21', '--json'], env)).out).papers.length).toBeGreaterThan(
      10,
    );

    const trending = html('2026-10-07_trending_2entries_reconstructed.html');
    expect(await run(['import', trending, '--list', 'trending', '--at', '2026-10-07T12:00:00Z'], env)).toMatchObject({
      exit: 0,
    });
    const shown = JSON.parse((await run(['show', 'trending', '2026-10-07', '--json'], env)).out);
    expect(shown.papers.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2]);
  });

  it('keeps a page that shows another day than it is imported for, and shows no papers of it', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const old = html('2024-08-01_papers-date_captured-2024-08-11.html');
    const wrong = await run(
      ['import', old, '--list', 'daily', '--day', '2024-08-02', '--at', '2024-08-11T00:00:00Z', '--json'],
      env,
    );
    expect(wrong.exit).toBe(4);
    expect(JSON.parse(wrong.out)).toMatchObject({ stored: 1, unreadable: 1, captures: [{ outcome: 'another-day' }] });
    expect(JSON.parse((await run(['show', 'daily', '2024-08-02', '--json'], env)).out)).toMatchObject({
      papers: [],
      coverage: { status: 'failed' },
    });
  });

  it('reads copied text as rows without ids, which get them once a list with the same titles is there', async () => {
    const env = { PAPERKEEP_DATA: aFolder(), PAPERKEEP_WATCH: 'attention=attention' };
    const copied = html('seed-page.txt');
    const at = '2025-03-12T09:00:00Z';
    expect(await run(['import', copied, '--list', 'watched:attention', '--at', at], env)).toMatchObject({
      exit: 0,
      err: '',
    });
    const ids = async (): Promise<string[]> =>
      JSON.parse((await run(['show', 'watched', 'attention', '--json'], env)).out).papers.flatMap(
        ({ id }: { id: string | null }) => id ?? [],
      );
    const { papers } = JSON.parse((await run(['show', 'watched', 'attention', '--json'], env)).out);
    expect(papers).toHaveLength(55);
    expect(await ids()).toEqual([]);
    const found = JSON.parse((await run(['search', 'quantization', '--json'], env)).out);
    expect(found.papers).toMatchObject(Array.from({ length: 4 }, () => ({ id: null, url: null })));
    const added = JSON.parse((await run(['show', 'new', '--json'], env)).out);
    expect(added.total).toBe(55);

    const known = ['2024-08-15', '2024-10-22', '2024-10-11'];
    const answers = readdirSync(join(CORPUS, 'api-daily'))
      .filter((file) => known.includes(file.slice(0, 10)) && file.endsWith('.json.gz'))
      .map((file) => join(CORPUS, 'api-daily', file));
    expect(await run(['import', ...answers], env)).toMatchObject({ exit: 0 });
    expect((await ids()).sort()).toEqual(['2408.07089', '2410.08196', '2410.15748']);
  });
});
