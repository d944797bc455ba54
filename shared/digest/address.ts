import { hash } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** What may stand before the @: letters, digits and signs of RFC 5322, with single dots between them. */
const LOCAL = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** A host name of at least two labels, the last with a letter. */
const DOMAIN = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?=\d*[a-z])[a-z\d-]{2,63}$/;

/**
 * Parses a mail address. A domain in any script becomes its ASCII form in lower case (`bücher.example` is `xn--bcher-kva.example`).
 * Null for everything else, so that no parsed address can hold a line break, a second address or a display name; also for letters
 * beyond ASCII before the @, which many mail servers refuse.
 */
export function parseAddress(text: string): string | null {
  const [, local = '', domain = ''] = /^([^@]+)@([^@\s]+)$/.exec(text.trim()) ?? [];
  const ascii = domainToASCII(domain);
  return LOCAL.test(local) && DOMAIN.test(ascii) ? `${local}@${ascii}` : null;
}

/** Names a subscriber in keys, links and logs: 128 bits of a hash of the address, in lower case. */
export const subscriberId = (address: string): string => hash('sha256', address.toLowerCase()).slice(0, 32);
