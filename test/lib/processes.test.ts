import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { identifyProcess } from '../../shared/lib/processes.ts';

const isLinux = process.platform === 'linux';
const module = JSON.stringify(new URL('../../shared/lib/processes.ts', import.meta.url).href);
const PRINT_OWN = `import { identifyProcess } from ${module}; console.log(process.pid, identifyProcess(process.pid));`;
const UNSHARE = ['--pid', '--uts', '--fork', '--mount-proc'];
const canUnshare = isLinux && spawnSync('unshare', [...UNSHARE, 'true']).status === 0;

describe('identifying a process', () => {
  it('gives the same text for as long as it runs', () => {
    expect(identifyProcess(process.pid)).not.toBeNull();
    expect(identifyProcess(process.pid)).toBe(identifyProcess(process.pid));
  });

  it('gives null where no process has the pid', async () => {
    const child = spawn(process.execPath, ['--eval', '']);
    await once(child, 'exit');
    expect(identifyProcess(child.pid as number)).toBeNull();
    expect(identifyProcess(Number.NaN)).toBeNull();
  });

  it.skipIf(!isLinux)('gives another text for another process', async () => {
    const child = spawn('cat');
    expect(identifyProcess(child.pid as number)).not.toBe(identifyProcess(process.pid));
    child.kill();
    await once(child, 'exit');
  });

  it.skipIf(!isLinux)('gives null for a process that was killed and that its parent has not waited for', async () => {
    // the shell is replaced by a program that never waits for the child that the shell started
    const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec cat']);
    const lines = createInterface(parent.stdout);
    const [child] = await once(lines, 'line');
    // `cat` echoes this line, so the shell is gone by then
    parent.stdin.write('ready\n');
    await once(lines, 'line');
    expect(identifyProcess(Number(child))).not.toBeNull();
    process.kill(Number(child), 'SIGKILL');
    await expect.poll(() => identifyProcess(Number(child))).toBeNull();
    expect(() => process.kill(Number(child), 0)).not.toThrow();
    parent.kill();
    await once(parent, 'exit');
  });

  it.skipIf(!canUnshare)('tells two containers apart in which the process has the same pid', () => {
    const run = () => {
      const program = [process.execPath, '--input-type=module', '--eval', PRINT_OWN];
      const [pid, identity] = execFileSync('unshare', [...UNSHARE, ...program], { encoding: 'utf8' })
        .trim()
        .split(' ');
      return { pid, identity };
    };
    const [first, second] = [run(), run()];
    expect(second.pid).toBe(first.pid);
    expect(second.identity).not.toBe(first.identity);
  });
});
