/** The `paperkeep` command of the npm package: checks Node before anything is loaded that an old one cannot read. */
import { describeOldNode } from './node-version.ts';

const problem = describeOldNode(process.versions.node);
if (problem === null) {
  // before Node 24.15 node:sqlite warns that it is experimental
  process.removeAllListeners('warning');
  void import('./paperkeep.ts');
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
