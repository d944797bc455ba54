import { usageError } from '../context.ts';
import { openQueryContext } from '../open-archive.ts';
import type { Run } from '../program.ts';
import { showCoverage } from './show/coverage.ts';
import { showList, showWatched } from './show/list.ts';
import { showMovers } from './show/movers.ts';
import { showNew } from './show/new.ts';
import { showPaper } from './show/paper.ts';
import { showTop } from './show/top.ts';
import { showCompare, showTopic } from './show/topics.ts';
import type { Show } from './show/view.ts';

/** `show`: the answers of the site as tables on a terminal. */
export const runShow: Run = async (context, [what, which], options) => {
  const show = shows.get(String(what));
  if (!show) throw usageError(`there is no ${String(what)} to show`, `show ${[...shows.keys()].join(', ')}`);
  const { context: query, close } = await openQueryContext(context.settings);
  try {
    const asked = { which: which === undefined ? null : String(which), options, lists: context.lists };
    const { answer, text } = await show(query, asked);
    context.say(answer, query.sample ? `SAMPLE: made-up papers\n\n${text}` : text);
    return 0;
  } finally {
    await close();
  }
};

const shows: ReadonlyMap<string, Show> = new Map<string, Show>([
  ['daily', (context, asked) => showList(context, 'daily', asked)],
  ['trending', (context, asked) => showList(context, 'trending', asked)],
  ['watched', showWatched],
  ['paper', showPaper],
  ['movers', showMovers],
  ['new', showNew],
  ['coverage', showCoverage],
  ['top', showTop],
  ['topic', showTopic],
  ['compare', showCompare],
]);
