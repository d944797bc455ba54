/** A name or address with an optional port, as a Host header may have it. */
const HOST = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * What absolute links on this site begin with: the address that the owner set, else the one that the client used, from `Host` and
 * `X-Forwarded-Proto`. Empty where there is no usable `Host`; links are then relative.
 *
 * @example
 * siteOrigin(request.headers, 'https://papers.example.org') + '/daily'; // 'https://papers.example.org/daily'
 */
export function siteOrigin(headers: Headers, publicUrl: string | undefined): string {
  const host = headers.get('host') ?? '';
  if (publicUrl !== undefined || !HOST.test(host)) return publicUrl ?? '';
  const isSecure = /^\s*https\s*(?:,|$)/i.test(headers.get('x-forwarded-proto') ?? '');
  return `${isSecure ? 'https' : 'http'}://${host.toLowerCase()}`;
}
