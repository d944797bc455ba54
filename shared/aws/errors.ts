/** What all clients of the AWS SDK have in common: where they ask, and which kind of trouble an error is. Needs no SDK itself. */

/** The part of any client's configuration that says where it asks. */
type Asking = {
  readonly config: {
    readonly endpoint?: (() => Promise<{ protocol: string; hostname: string; port?: number }>) | undefined;
    readonly serviceConfiguredEndpoint?: (() => Promise<string | undefined>) | undefined;
  };
};

/** The endpoint that was set for a client, in code or by the environment or profile; null where it is AWS's own. */
export async function resolveEndpoint(client: unknown): Promise<string | null> {
  const { config } = client as Asking;
  const given = await config.endpoint?.();
  if (given) return `${given.protocol}//${given.hostname}${given.port ? `:${given.port}` : ''}`;
  return (await config.serviceConfiguredEndpoint?.()) ?? null;
}

/** True for an endpoint on this machine: an emulator. */
export const isLoopbackEndpoint = (endpoint: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);

/** Names of the errors with which the services and the SDK itself refuse credentials. */
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'MissingAuthenticationTokenException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
]);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE']);

/** The kind of trouble an error of the SDK is; null when it is of the service itself. */
export function classifySdkError(error: Error): 'no region' | 'credentials' | 'network' | null {
  if (error.message === 'Region is missing') return 'no region';
  if (CREDENTIALS.has(error.name)) return 'credentials';
  const code = 'code' in error ? String(error.code) : '';
  return NETWORK.has(code) || error.name === 'TimeoutError' ? 'network' : null;
}

/** What an error says; its code where it has no words (an address with several numbers fails without any). */
export const sdkErrorMessage = (error: Error): string =>
  error.message || ('code' in error ? String(error.code) : error.name);

/** The mend for refused credentials. */
export const SIGN_IN_HINT =
  'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again; `paperkeep doctor` tells more';
