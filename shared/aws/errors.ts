import { PaperkeepError } from '../lib/errors.ts';

/** What clients of the AWS SDK have in common, as far as it says where they send requests. */
type Client = {
  readonly config: {
    readonly region: string | (() => Promise<string>);
    readonly endpoint?: (() => Promise<{ protocol: string; hostname: string; port?: number }>) | undefined;
    readonly serviceConfiguredEndpoint?: (() => Promise<string | undefined>) | undefined;
  };
};

/** The endpoint that is configured for a client, in code, by the environment or by the AWS profile; null where it is AWS's own. */
export async function resolveEndpoint(client: unknown): Promise<string | null> {
  const { config } = client as Client;
  const endpoint = await config.endpoint?.();
  if (endpoint) return `${endpoint.protocol}//${endpoint.hostname}${endpoint.port ? `:${endpoint.port}` : ''}`;
  return (await config.serviceConfiguredEndpoint?.()) ?? null;
}

/** Whether an endpoint is on this machine, hence an emulator. */
export const isLoopbackEndpoint = (endpoint: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);

/** Names of the errors with which the services and the SDK refuse credentials. */
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
/** Names of the errors with which S3 refuses a request to a bucket in another region. */
const OTHER_REGION = new Set(['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed']);
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** What was accessed in AWS, as errors name it. */
export type AwsResource = {
  /** `the archive "s3://papers"` */
  readonly name: string;
  /** The beginning of its error codes: `ARCHIVE` gives `ARCHIVE_FORBIDDEN`, `ARCHIVE_UNREACHABLE` and `ARCHIVE_REFUSED`. */
  readonly code: 'ARCHIVE' | 'CATALOG' | 'EXPORT' | 'TABLE' | 'AWS';
  /** The permissions that access takes, for the hint. */
  readonly permissions: string;
};

/**
 * Maps an error of the AWS SDK to a `PaperkeepError`: `NO_REGION`, `NO_CREDENTIALS`, `MFA_REQUIRED`, `BUCKET_MISSING`, `BUCKET_ELSEWHERE`, `TABLE_MISSING`,
 * or one of the resource's own codes. Returns errors that are not of the SDK unchanged.
 *
 * @example
 * client.send(command).catch(async (error) => {
 *   throw await toPaperkeepError(error, resource, client);
 * });
 */
export async function toPaperkeepError(error: unknown, resource: AwsResource, client: unknown): Promise<unknown> {
  if (error instanceof PaperkeepError || !(error instanceof Error)) return error;
  const { name, code, permissions } = resource;
  const problem = (errorCode: string, message: string, hint: string) =>
    new PaperkeepError({ code: errorCode, message, hint, cause: error });
  if (error.message === 'Region is missing') {
    return problem('NO_REGION', `no AWS region is set for ${name}`, 'set AWS_REGION');
  }
  const where = `${name} ${await locate(client)}`;
  const systemCode = 'code' in error ? String(error.code) : '';
  // an address with several numbers fails without a message
  const reason = error.message || systemCode || error.name;
  // a server that is not AWS may answer anything, which the SDK then cannot even read as an error of the service
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? null;
  const checkName = `check ${NAMED_BY[code]}, AWS_REGION and the credentials`;
  if (error.name === 'NoSuchBucket') return problem('BUCKET_MISSING', `there is no bucket for ${where}`, checkName);
  if (code === 'TABLE' && error.name === 'ResourceNotFoundException')
    return problem('TABLE_MISSING', `there is no ${where.replace(/^the /, '')}`, checkName);
  if (OTHER_REGION.has(error.name))
    return problem(
      'BUCKET_ELSEWHERE',
      `${where} is in another region: ${reason}`,
      'set AWS_REGION to the region of the bucket',
    );
  if (/multi-factor authentication/.test(reason))
    return problem(
      'MFA_REQUIRED',
      `the AWS profile needs a code of your MFA device: ${reason}`,
      'sign in with the code first',
    );
  if (CREDENTIALS.has(error.name))
    return problem('NO_CREDENTIALS', `no valid AWS credentials for ${where}: ${reason}`, SIGN_IN);
  if (status === 403 || /^(AccessDenied|AuthorizationError)/.test(error.name))
    return problem(
      `${code}_FORBIDDEN`,
      `${where} denies access to these credentials: ${reason}`,
      `grant them ${permissions}`,
    );
  if ((status ?? 0) >= 500 || NETWORK.has(systemCode) || error.name === 'TimeoutError')
    return problem(`${code}_UNREACHABLE`, `${where} does not answer: ${reason}`, TRY_AGAIN);
  if (status === null) return error;
  return problem(`${code}_REFUSED`, `${where} refuses the request: ${error.name}: ${reason}`, CHECK_ENDPOINT);
}

/** Where the name of each resource comes from. */
const NAMED_BY = {
  ARCHIVE: 'PAPERKEEP_ARCHIVE',
  CATALOG: 'PAPERKEEP_DERIVED',
  EXPORT: 'the URL',
  TABLE: 'PAPERKEEP_TABLE',
  AWS: 'the name',
} as const;
const SIGN_IN = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again';
const TRY_AGAIN = 'check the endpoint and the network, and run it again; what is stored stays stored';
const CHECK_ENDPOINT = 'check that the endpoint is one of AWS';

async function locate(client: unknown): Promise<string> {
  const endpoint = await resolveEndpoint(client);
  if (endpoint) return `at ${endpoint}`;
  const { region } = (client as Client).config;
  return `in ${typeof region === 'string' ? region : await region()}`;
}
