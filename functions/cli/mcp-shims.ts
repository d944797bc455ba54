/**
 * Takes the place of what the MCP SDK loads for Node, in the npm package: a validator of JSON schemas of 150 kB, which serves only forms that
 * a server shows to people. No tool shows one.
 */
export { default as process } from 'node:process';

/** Validates nothing. */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('this package validates no JSON schemas');
  }
}
