import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { addSeconds, type Clock, compactInstant, type Instant, parseInstant } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';

/** How long a key signs new links, in seconds: 90 days. Links of older keys stay valid. */
const KEY_SECONDS = 90 * 86_400;
const KEYS = 'KEYS';

/** The path of the issues of the mail that follows everything. */
export const DIGESTS_PATH = '/digests';

/** Signs the links of a message, `<time of the key>.<id of the subscriber>.<signature>`. */
export type Sign = (id: string) => string;

const signature = (key: string, id: string): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(`subscription ${id}`).digest();

/** Returns the function that signs links with the newest key; makes a new key when the newest is missing or older than 90 days. */
export async function openSigner(table: TableStore, clock: Clock): Promise<Sign> {
  const now = clock();
  const [newest] = await table.range({ pk: KEYS, newestFirst: true, limit: 1, consistent: true });
  let item = newest;
  if (!item || item.sk < addSeconds(now, -KEY_SECONDS)) {
    item = { pk: KEYS, sk: now, key: randomBytes(32).toString('base64') };
    // another process may have made one in the same second
    if (!(await table.put(item, { if: 'absent' }))) item = (await table.get(item, { consistent: true })) ?? item;
  }
  const { sk, key } = item;
  return (id) => `${compactInstant(sk as Instant)}.${id}.${signature(String(key), id).toString('base64url')}`;
}

/** Reads the id of the subscriber from the token of a link; null where no key of this table signed it. */
export async function verifyToken(table: TableStore, token: string): Promise<string | null> {
  const [, time = '', id = '', signed = ''] = /^(\d{8}T\d{6}Z)\.([0-9a-f]{32})\.([\w-]{43})$/.exec(token) ?? [];
  const sk = parseInstant(time);
  const item = sk && (await table.get({ pk: KEYS, sk }));
  const isSigned = item && timingSafeEqual(signature(String(item.key), id), Buffer.from(signed, 'base64url'));
  return isSigned ? id : null;
}
