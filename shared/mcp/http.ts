/** The MCP server over HTTP: streamable HTTP without sessions. */
import { createMcpHandler, localhostAllowedOrigins, originValidationResponse } from '@modelcontextprotocol/server';
import type { QueryContext } from '../query/context.ts';
import { createMcpServer } from './server.ts';

/**
 * Creates the endpoint of an archive. It answers a request to the site at `origin`; pages of other sites are refused, as the protocol
 * demands, so that they cannot use a browser to reach a server on its machine.
 */
export function createMcpEndpoint(
  context: QueryContext,
  version: string,
): (request: Request, origin: string) => Promise<Response> {
  const { fetch } = createMcpHandler(() => createMcpServer(context, version));
  return async (request, origin) => {
    const own = URL.parse(origin)?.hostname;
    return originValidationResponse(request, [...localhostAllowedOrigins(), ...(own ? [own] : [])]) ?? fetch(request);
  };
}
