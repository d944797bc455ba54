import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { pythonHome } from '../support/packages.ts';

const run = promisify(execFile);

/** The emulator, and what it needs to tell S3's events. */
const HOME = pythonHome('ministack', ['ministack==1.5.33', 'boto3==1.43.106']);
/** It runs functions with the first `node` of PATH: the one that npm installed, which is Lambda's version. */
const NODE = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin');

/** Where everything is in it; any key that is no user's is the account's root. */
export const AWS = {
  region: 'us-east-1',
  account: '000000000000',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** An AWS on this machine. It checks what roles may do, and takes policies about TLS at their word: hence its certificate. */
export type Ministack = {
  readonly endpoint: string;
  /** What a process needs in order to find it. */
  readonly env: Record<string, string | undefined>;
  /** Everything it and the functions in it have logged. */
  readonly log: () => string;
  stop(): Promise<void>;
};

/** Why there can be no emulator on this machine; null when there can. */
export async function installMinistack(): Promise<string | null> {
  try {
    await run('openssl', ['version']);
  } catch {
    return 'there is no openssl';
  }
  return HOME.install();
}

/** Starts an empty one on a free loopback port; this process trusts its certificate from then on. */
export async function startMinistack(): Promise<Ministack> {
  const home = await mkdtemp(join(tmpdir(), 'paperkeep-aws-'));
  const [certificate, key] = [join(home, 'certificate.pem'), join(home, 'key.pem')];
  const names = ['basicConstraints=critical,CA:FALSE', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-subj', '/CN=localhost', ...made, ...names.flatMap((n) => ['-addext', n])]);
  tls.setDefaultCACertificates([...tls.getCACertificates(), await readFile(certificate, 'utf8')]);

  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const env = {
    PATH: [NODE, process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    NODE_EXTRA_CA_CERTS: certificate,
    AWS_ACCESS_KEY_ID: AWS.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: AWS.credentials.secretAccessKey,
    AWS_REGION: AWS.region,
    AWS_DEFAULT_REGION: AWS.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    CI: 'true',
  };
  // run from its virtual environment, where a script's first line would name the folder it was made in
  const emulator = spawn(join(HOME.folder, 'bin', 'python'), ['-m', 'ministack'], {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      // a minute in Lambda
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.1',
    },
  });
  const ended = once(emulator, 'exit');
  const logged: string[] = [];
  for (const stream of [emulator.stdout, emulator.stderr]) stream.on('data', (bytes) => logged.push(String(bytes)));
  const log = () => logged.join('');
  const stop = async () => {
    const kill = (signal: NodeJS.Signals) => {
      try {
        // its functions are processes too, of its group
        process.kill(-(emulator.pid as number), signal);
      } catch {
        // they have ended
      }
    };
    kill('SIGTERM');
    const late = setTimeout(() => kill('SIGKILL'), 3_000);
    await ended;
    clearTimeout(late);
    kill('SIGKILL');
    await rm(home, { recursive: true, force: true });
  };
  try {
    await until('the emulator answers', async () => {
      if (emulator.exitCode !== null) throw new Error(`the emulator ended: ${log().slice(-2000)}`);
      return (await fetch(`${endpoint}/_ministack/health`).catch(() => null))?.ok;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, env: { ...env, AWS_ENDPOINT_URL: endpoint }, log, stop };
}

/** Asks again and again until there is an answer (anything but null, undefined and false), for a minute at most. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const end = performance.now() + 60_000; ; ) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited a minute, and still not: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
