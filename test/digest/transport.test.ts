import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Mail } from '../../shared/digest/compose.ts';
import { openTransport } from '../../shared/digest/open.ts';
import { openSes } from '../../shared/digest/ses.ts';
import { startLoopback } from '../support/loopback.ts';

const folder = mkdtempSync(join(tmpdir(), 'paperkeep-mail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RAW = 'From: digest@example.org\r\nTo: me@example.org\r\nSubject: Tea\r\n\r\n.begins with a dot\r\nFrom here\r\n';
const aMail = (to = 'me@example.org', name = '2025-01-09-a'): Mail => ({
  name,
  from: 'paperkeep <digest@example.org>',
  to,
  raw: Buffer.from(RAW),
});

describe('An outbox', () => {
  it('gets one file for each message, which a second attempt leaves as it is', async () => {
    const outbox = await openTransport(`outbox:${join(folder, 'out/box')}`);
    await outbox.send(aMail());
    await outbox.send({ ...aMail(), raw: Buffer.from('another') });
    await outbox.send(aMail('you@example.org', '2025-01-09-b'));
    outbox.close();
    expect(readdirSync(join(folder, 'out/box')).sort()).toEqual(['2025-01-09-a.eml', '2025-01-09-b.eml']);
    expect(readFileSync(join(folder, 'out/box/2025-01-09-a.eml'), 'utf8')).toBe(RAW);
  });

  it.skipIf(process.platform !== 'linux')('fails where its folder cannot be created', async () => {
    await expect(openTransport('outbox:/proc/no-such-folder/mail')).rejects.toThrow('ENOENT');
  });
});

type Received = {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly isSecure: boolean;
};

/** The codes with which a server refuses a recipient or a message; or whether it hangs up after a message. */
type Refusal = { readonly rcpt?: number; readonly data?: number; readonly drop?: boolean };

/** A real SMTP server on this machine, with a certificate of its own. */
async function startSmtp(options: SMTPServerOptions = {}, refuse: Refusal = {}) {
  const received: Received[] = [];
  const refusal = (code: number) => Object.assign(new Error('no, thank you'), { responseCode: code });
  const server = new SMTPServer({
    ...options,
    logger: false,
    onRcptTo({ address }, _, done) {
      done(refuse.rcpt !== undefined && address.startsWith('bad') ? refusal(refuse.rcpt) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refuse.drop) {
          for (const { _socket } of server.connections as Set<{ readonly _socket: Socket }>) _socket.destroy();
          return;
        }
        if (refuse.data !== undefined) return done(refusal(refuse.data));
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
          isSecure: session.secure,
        });
        done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  const { port } = server.server.address() as AddressInfo;
  return { port, received };
}

const withPassword: SMTPServerOptions = {
  onAuth({ username, password }, _, done) {
    if (username === 'me' && password === 'p:w') done(null, { user: 'me' });
    else done(new Error('wrong password'));
  },
};
const sendTo = async (url: string, ...mails: Mail[]) => {
  const smtp = await openTransport(url);
  try {
    for (const mail of mails) await smtp.send(mail);
  } finally {
    smtp.close();
  }
};
const SELF_SIGNED = '?tls.rejectUnauthorized=false';

describe('An SMTP server', () => {
  it.each([
    ['smtps', { secure: true }],
    ['smtp', { secure: false }],
  ])('gets messages byte by byte over TLS and with a password, by %s', async (protocol, { secure }) => {
    const { port, received } = await startSmtp({ ...withPassword, secure });
    await sendTo(`${protocol}://me:p%3Aw@127.0.0.1:${port}${SELF_SIGNED}`, aMail(), aMail('you@example.org'));
    const message = { from: 'digest@example.org', raw: RAW, isSecure: true };
    expect(received).toEqual([
      { ...message, to: ['me@example.org'] },
      { ...message, to: ['you@example.org'] },
    ]);
  });

  it('gets messages without a password where it asks for none', async () => {
    const { port, received } = await startSmtp({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
    await sendTo(`smtp://127.0.0.1:${port}`, aMail());
    expect(received).toMatchObject([{ to: ['me@example.org'], isSecure: false }]);
  });

  it.each([
    ['refuses an address for good', { rcpt: 550 }, 'MAIL_REFUSED'],
    ['puts an address off', { rcpt: 450 }, 'MAIL_DEFERRED'],
    ['refuses a message', { data: 554 }, 'MAIL_REFUSED'],
    ['puts a message off', { data: 451 }, 'MAIL_DEFERRED'],
  ])('that %s is understood', async (_, refuse: Refusal, code) => {
    const { port, received } = await startSmtp({ authOptional: true }, refuse);
    const smtp = await openTransport(`smtp://127.0.0.1:${port}${SELF_SIGNED}`);
    await expect(smtp.send(aMail('bad@example.org'))).rejects.toMatchObject({ code });
    if (refuse.rcpt) await smtp.send(aMail());
    smtp.close();
    expect(received.map(({ to }) => to)).toEqual(refuse.rcpt ? [['me@example.org']] : []);
  });

  it('that hangs up after the message leaves open whether it was sent', async () => {
    const { port } = await startSmtp({ authOptional: true }, { drop: true });
    const error = await sendTo(`smtp://127.0.0.1:${port}${SELF_SIGNED}`, aMail()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error.code)).not.toMatch(/^MAIL_/);
  });

  it('that refuses the password, or is not there, can take no message', async () => {
    const { port } = await startSmtp({ ...withPassword });
    for (const url of [`smtp://me:wrong@127.0.0.1:${port}${SELF_SIGNED}`, 'smtp://127.0.0.1:1'])
      await expect(sendTo(url, aMail())).rejects.toMatchObject({
        code: 'MAIL_UNREACHABLE',
        message: expect.not.stringContaining('wrong'),
      });
  });

  it('with a certificate that is not trusted gets no password', async () => {
    const { port, received } = await startSmtp({ ...withPassword, secure: true });
    await expect(sendTo(`smtps://me:p%3Aw@127.0.0.1:${port}`, aMail())).rejects.toMatchObject({
      code: 'MAIL_UNREACHABLE',
    });
    expect(received).toEqual([]);
  });
});

describe('Amazon SES', () => {
  const openAt = (endpoint: string) =>
    openSes(
      new SESv2Client({
        endpoint,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
        maxAttempts: 1,
      }),
    );

  it('gets the whole message with its sender and its recipient', async () => {
    const { origin, asked, stop } = await startLoopback([{ body: '{"MessageId":"1"}' }]);
    await openAt(origin).send(aMail());
    await stop();
    expect(asked).toMatchObject([{ method: 'POST', path: '/v2/email/outbound-emails' }]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      FromEmailAddress: 'paperkeep <digest@example.org>',
      Destination: { ToAddresses: ['me@example.org'] },
      Content: { Raw: { Data: Buffer.from(RAW).toString('base64') } },
    });
  });

  it.each([
    ['MessageRejected', 400, 'MAIL_REFUSED'],
    ['BadRequestException', 400, 'MAIL_REFUSED'],
    ['TooManyRequestsException', 429, 'MAIL_DEFERRED'],
    ['AccountSuspendedException', 400, 'MAIL_UNREACHABLE'],
    ['AccessDeniedException', 403, 'MAIL_UNREACHABLE'],
  ])('that answers %s is understood', async (name, status, code) => {
    const { origin, stop } = await startLoopback([
      { status, headers: { 'x-amzn-errortype': name }, body: '{"message":"to me@example.org"}' },
    ]);
    await expect(openAt(origin).send(aMail())).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('example.org'),
    });
    await stop();
  });

  it('that fails leaves open whether the message was sent', async () => {
    const { origin, stop } = await startLoopback([{ status: 500, body: '{}' }]);
    const error = await openAt(origin)
      .send(aMail())
      .catch((thrown) => thrown);
    expect(String(error.code)).not.toMatch(/^MAIL_/);
    await stop();
  });
});
