import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

describe("the owner's scripts", () => {
  it.each(['deploy', 'update', 'destroy'])(
    '%s refuses a flag that there is not in a line, and names those that there are',
    (name) => {
      const script = resolve(`functions/cli/aws/${name}.ts`);
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--yess'], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^paperkeep: Unknown option '--yess' \[USAGE\]: its flags are .*--yes.*\n$/);
      const json = spawnSync(process.execPath, [script, '--yess', '--json'], { encoding: 'utf8' });
      expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'USAGE' } });
    },
  );
});
