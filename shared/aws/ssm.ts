import { PaperkeepError } from '../lib/errors.ts';

/** The value of a SecureString parameter; undefined when none is named. Read once, at init, and never logged. */
export async function readSecret(name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  // most deployments have no secret, and the client takes a quarter of the time that a function needs to load
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient();
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  client.destroy();
  if (Parameter?.Value) return Parameter.Value;
  throw new PaperkeepError({
    code: 'PARAMETER_EMPTY',
    message: `the parameter ${name} has no value`,
    hint: 'store it as a SecureString parameter',
  });
}
