import { toPrintable } from './printable.ts';

/** A structured log: the name of an event and its fields. Events are in the past tense (`captured`, `lease taken`). */
export type Log = {
  info(event: string, facts?: LogFields): void;
  warn(event: string, facts?: LogFields): void;
};
/** The fields of an event. Never a secret, never a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Logs nothing. */
export const silentLog: Log = { info() {}, warn() {} };

/** Creates a log that writes one JSON object per line. */
export function createJsonLog(write: (line: string) => void, now: () => string): Log {
  const say =
    (level: string) =>
    (event: string, facts: LogFields = {}) =>
      write(`${JSON.stringify({ level, time: now(), event, ...facts })}\n`);
  return { info: say('info'), warn: say('warn') };
}

/** Creates a log that writes one readable line per event; fields cannot control the terminal. */
export function createTextLog(write: (line: string) => void): Log {
  const say =
    (mark: string) =>
    (event: string, facts: LogFields = {}) => {
      const said = Object.entries(facts)
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => ` ${name}=${value}`);
      write(`${toPrintable(`${mark}${event}${said.join('')}`.replaceAll(/\s+/g, ' '))}\n`);
    };
  return { info: say(''), warn: say('warning: ') };
}
