import { readFileSync } from 'node:fs';

/**
 * Identifies a running process of this machine, so that a later process with the same pid is not taken for it: on Linux by the boot and
 * the start of the process, elsewhere by an empty text. Null where no process has the pid, or only a zombie.
 */
export function identifyProcess(pid: number): string | null {
  if (!exists(pid)) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // see proc_pid_stat(5): after the command in parentheses come the state (field 3) and, as field 22, the start in ticks since the boot
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}-${fields[19]}`;
  } catch {
    return '';
  }
}

/** True when a process of this machine no longer runs, by its pid and what `identifyProcess` gave then (empty where that was not known). */
export function hasEnded(pid: number, identity: string, identify = identifyProcess): boolean {
  const running = identify(pid);
  return running === null || (identity !== '' && running !== '' && identity !== running);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
