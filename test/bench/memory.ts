/**
 * A process of its own, for its memory: `node test/bench/memory.ts import|replay <folder of answers> <folder of the archive>` prints
 * its peak until 100, 200 and all captures were done, as JSON. Replaying reads the archive that importing left.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { answersIn, importFolder, openHouse, replayAll } from './import.ts';

const [what, answers = '', archive = ''] = process.argv.slice(2);
const all = answersIn(answers).length;
const marks = [0, 100, 200, all];
const peaks: { captures: number; peakMb: number }[] = [];
const tell = (done: number) => {
  const mark = marks[peaks.length];
  if (mark !== undefined && done >= mark) peaks.push({ captures: mark, peakMb: Math.round(peakKb() / 1024) });
};

/** The kernel's own peak: nothing between two samples is missed. On Linux that of `getrusage` is the parent's where that had more. */
function peakKb(): number {
  const told = '/proc/self/status';
  const own = existsSync(told) ? /VmHWM:\s*(\d+) kB/.exec(readFileSync(told, 'utf8'))?.[1] : undefined;
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}

if (what === 'replay')
  for (const end of ['', '-wal', '-shm']) rmSync(join(archive, `papers.sqlite${end}`), { force: true });
const house = await openHouse(join(archive, 'archive'), archive);
tell(0);
if (what === 'replay') await replayAll(house, tell);
else await importFolder(answers, house, tell);
await house.close();
process.stdout.write(JSON.stringify(peaks));
