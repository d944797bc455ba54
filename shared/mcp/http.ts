/** The MCP server over HTTP: streamable HTTP without sessions. */
import { createMcpHandler, localhostAllowedOrigins, originValidationResponse } from '@modelcontextprotocol/server';
import type { QueryContext } from '../query/context.ts';
import { createMcpServer } from './server.ts';

/**
 * Creates the endpoint of an archive. It serves programs, pages of this machine and of the site at `publicUrl`. Other pages are refused, as
 * the protocol demands: a browser must not be a way to a server on its machine, even under a name that leads there (DNS rebinding). So the
 * `Host` of a request does not count.
 */
export function createMcpEndpoint(
  context: QueryContext,
  version: string,
  publicUrl?: string,
): (request: Request) => Promise<Response> {
  const { fetch } = createMcpHandler(() => createMcpServer(context, version));
  const site = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return async (request) =>
    originValidationResponse(request, [...localhostAllowedOrigins(), ...site]) ?? fetch(request);
}
