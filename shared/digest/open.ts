import type { MailTransport } from './transport.ts';

/**
 * Opens the transport that a setting names: `outbox:<folder>`, `smtp://…`, `smtps://…` or `ses:`. The libraries are loaded on demand.
 */
export async function openTransport(url: string): Promise<MailTransport> {
  const folder = /^outbox:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (folder !== undefined) return (await import('./outbox.ts')).openOutbox(folder);
  if (url.startsWith('ses:')) return (await import('./ses.ts')).openSes();
  return (await import('./smtp.ts')).openSmtp(url);
}
