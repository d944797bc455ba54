import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { pythonHome } from '../support/packages.ts';

const run = promisify(execFile);

/** Programs of others that read exports, in Python. */
const HOME = pythonHome('readers', ['datasette==0.65.5', 'duckdb==2.0.1', 'pyarrow==26.0.1', 'cffconvert==2.0.0']);
const PYTHON = HOME.python;
/** In an environment of its own, because cffconvert needs another version of a shared dependency. */
const FRICTIONLESS = pythonHome('frictionless', ['frictionless==5.18.1']);

/** Installs the readers in Python; the reason where that fails, else null. */
export const installReaders = async (): Promise<string | null> =>
  (await HOME.install()) ?? (await FRICTIONLESS.install());

/** Runs a Python program with the readers in a folder; returns what it prints, parsed as JSON. */
export async function python<T>(folder: string, program: string, interpreter = PYTHON): Promise<T> {
  const { stdout } = await run(interpreter, ['-c', program], { cwd: folder, maxBuffer: 64_000_000 });
  return JSON.parse(stdout) as T;
}

/** The same with frictionless. */
export const pythonWithFrictionless = <T>(folder: string, program: string): Promise<T> =>
  python(folder, program, FRICTIONLESS.python);

/** Serves a database with Datasette on a free loopback port while `ask` sends requests; responses are JSON. */
export async function withDatasette<T>(
  file: string,
  ask: (get: (path: string) => Promise<unknown>, url: string) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const server = spawn(PYTHON, ['-m', 'datasette', 'serve', file, '-h', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  server.stderr.on('data', (bytes) => said.push(String(bytes)));
  const url = `http://127.0.0.1:${port}`;
  const get = async (path: string) => (await fetch(url + path)).json();
  try {
    for (const end = performance.now() + 60_000; ; ) {
      if (server.exitCode !== null || performance.now() > end)
        throw new Error(`Datasette does not answer: ${said.join('')}`);
      if (await get('/-/versions.json').catch(() => null)) break;
      await new Promise((done) => setTimeout(done, 200));
    }
    return await ask(get, url);
  } finally {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill();
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}
