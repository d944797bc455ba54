import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, errorExitCode, worstExitCode } from '../../functions/cli/exit-codes.ts';
import { COMMAND_HINTS, hintFor } from '../../functions/cli/hints.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';

const error = (code: string, hint?: string) => new PaperkeepError({ code, message: 'it failed', hint });

describe('exit codes', () => {
  it('are combined to the first of 5, 1, 2, 4, 3 and 0', () => {
    expect(worstExitCode([0, 3, 4, 2, 1, 5])).toBe(5);
    expect(worstExitCode([0, 3, 4, 2, 1])).toBe(1);
    expect(worstExitCode([0, 3, 4])).toBe(4);
    expect(worstExitCode([3, 0])).toBe(3);
    expect(worstExitCode([])).toBe(0);
  });

  it('are 1 for bugs and for errors without a code of their own', () => {
    expect([errorExitCode(new TypeError('a bug')), errorExitCode(error('UNHEARD_OF'))]).toEqual([1, 1]);
  });

  it('have entries only for error codes that exist, as hints do', () => {
    const source = globSync('{functions,shared,infra}/**/*.ts')
      .filter((file) => !/exit-codes|hints/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const named = [...Object.keys(EXIT_CODES), ...Object.keys(COMMAND_HINTS)];
    expect(named.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });
});

describe('a hint', () => {
  it('adds the command that helps to the message of the error', () => {
    expect(hintFor(error('TABLE_DAMAGED', 'move it away'))).toMatch(/^move it away; `npx paperkeep replay` /);
    expect(hintFor(error('NEVER_SEEN'))).toMatch(/^`npx paperkeep show coverage` /);
    expect(hintFor(error('MFA_REQUIRED'))).toContain('aws configure export-credentials');
    expect(hintFor(error('TABLE_BUSY', 'wait'))).toBe('wait');
  });
});
