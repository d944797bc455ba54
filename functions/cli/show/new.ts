import { addSeconds, asDay, startOf } from '../../../shared/kit/clock.ts';
import { newAnswer } from '../../../shared/query/new.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { counted } from '../../../shared/render/words.ts';
import { timeFlag } from '../arguments.ts';
import { usage } from '../context.ts';
import { clip, drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** As far as it looks back unless told, in seconds: a day. */
const BACK_SECONDS = 86_400;
/** More papers than are first seen in any time anybody asks for. */
const ALL = 1_000_000;

/** `show new`: papers first seen since a moment, all of them. */
export async function showNew(archive: Archive, { which, options }: Asked): Promise<Shown> {
  takeOnly(['since'], 'what is new', options);
  if (which !== null) throw usage(`new takes no ${which}`, 'say since when: show new --since 2025-01-08');
  const day = asDay(String(options.since));
  const since = day ? startOf(day) : timeFlag('--since', options.since);
  const question = { since: since ?? addSeconds(archive.clock(), -BACK_SECONDS), list: null };
  const { answer } = await newAnswer(archive, question, { limit: ALL, after: null });
  const head = `${counted(answer.total, 'paper')} first seen since ${answer.since}`;
  const rows = answer.papers.map(({ firstSeen, id, upvotes, title }) => [firstSeen, id, upvotes, clip(title, 72)]);
  const table = drawTable(['first seen', 'id', 'upvotes', 'title'], rows);
  return { answer, text: rows.length === 0 ? head : `${head}\n\n${table}` };
}
