import { openArchive } from './archive.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { showCoverage } from './show/coverage.ts';
import { showList, showWatched } from './show/list.ts';
import { showMovers } from './show/movers.ts';
import { showNew } from './show/new.ts';
import { showPaper } from './show/paper.ts';
import type { Show } from './show/shown.ts';
import { showTop } from './show/top.ts';
import { showCompare, showTopic } from './show/topics.ts';

/** `show`: the answers of the site as tables on a terminal. */
export const runShow: Run = async (context, [what, which], options) => {
  const show = shows.get(String(what));
  if (!show) throw usage(`there is no ${String(what)} to show`, `show ${[...shows.keys()].join(', ')}`);
  const { archive, close } = await openArchive(context.settings);
  try {
    const asked = { which: which === undefined ? null : String(which), options, sources: context.sources };
    const { answer, text } = await show(archive, asked);
    context.say(answer, archive.sample ? `SAMPLE: made-up papers\n\n${text}` : text);
    return 0;
  } finally {
    await close();
  }
};

const shows: ReadonlyMap<string, Show> = new Map<string, Show>([
  ['daily', (archive, asked) => showList(archive, 'daily', asked)],
  ['trending', (archive, asked) => showList(archive, 'trending', asked)],
  ['watched', showWatched],
  ['paper', showPaper],
  ['movers', showMovers],
  ['new', showNew],
  ['coverage', showCoverage],
  ['top', showTop],
  ['topic', showTopic],
  ['compare', showCompare],
]);
