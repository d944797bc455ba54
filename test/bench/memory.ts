/**
 * A process of its own, for its memory: `node test/bench/memory.ts import|replay <folder of answers> <folder of the archive>` prints
 * its peak until 100, 200 and all captures were done, as JSON; with `--expose-gc` what it still held at those points, after a full
 * garbage collection. Replaying reads the archive that importing left.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { answersIn, importFolder, openTestWorkspace, replayAll } from './import.ts';

const [what, answers = '', archive = ''] = process.argv.slice(2);
const all = answersIn(answers).length;
const marks = [0, 100, 200, all];
const points: { captures: number; mb: number }[] = [];
const onDone = (done: number) => {
  const mark = marks[points.length];
  if (mark !== undefined && done >= mark)
    points.push({ captures: mark, mb: Math.round((heldKb() ?? peakKb()) / 1024) });
};

/** What is in use after a full collection; undefined where the process may not ask for one. */
function heldKb(): number | undefined {
  if (!globalThis.gc) return undefined;
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024;
}

/** The kernel's own peak: nothing between two samples is missed. On Linux that of `getrusage` is the parent's where that had more. */
function peakKb(): number {
  const status = '/proc/self/status';
  const own = existsSync(status) ? /VmHWM:\s*(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}

if (what === 'import') rmSync(archive, { recursive: true, force: true });
else for (const end of ['', '-wal', '-shm']) rmSync(join(archive, `papers.sqlite${end}`), { force: true });
const workspace = await openTestWorkspace(join(archive, 'archive'), archive);
onDone(0);
if (what === 'replay') await replayAll(workspace, onDone);
else await importFolder(answers, workspace, onDone);
await workspace.close();
process.stdout.write(JSON.stringify(points));
