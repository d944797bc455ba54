import { openCalendarDays } from './script/calendar.ts';
import { showChartValues } from './script/chart-values.ts';
import { copyAndShare } from './script/copy.ts';
import { listenToKeys } from './script/keys.ts';
import { openTargets, refreshWhileCollecting } from './script/page.ts';
import { keepReadingList } from './script/reading-list.ts';
import { replayDay } from './script/replay.ts';
import { showLocalTimes } from './script/times.ts';

const PARTS = [
  showLocalTimes,
  keepReadingList,
  listenToKeys,
  showChartValues,
  openCalendarDays,
  copyAndShare,
  replayDay,
  openTargets,
  refreshWhileCollecting,
];

/**
 * The only script, served at `/script.js` without comments and the blanks that stand where types were. It makes the pages better, and every page is
 * complete without it. The source of each part's function is what is served, so a part uses no variable or import from outside of it. Each runs by
 * itself: one that fails, for example without localStorage, stops no other.
 */
export const script = PARTS.map((part) => `try{(${part})()}catch(error){console.warn(error)}`)
  .join('\n')
  .replaceAll(/^ +(?:\/\/.*\n)?| (?= )/gm, '');
