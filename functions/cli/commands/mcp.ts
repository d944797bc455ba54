import { once } from 'node:events';
import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { openQueryContext } from '../query-context.ts';
import { VERSION } from '../version.ts';

/** `mcp`: a Model Context Protocol server on stdin and stdout, for programs that start it. Ends when its input does, or when no one reads its output. */
export const mcp = defineCommand({
  name: 'mcp',
  summary: 'Answers agents over the Model Context Protocol on stdin and stdout; programs start it, people do not.',
  examples: ['mcp --data /home/me/paperkeep/data'],
  flags: z.object({}),
  run: async (command) => {
    await using opened = await openQueryContext(command);
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    const { createMcpServer } = await import('../../../shared/mcp/server.ts');
    const ended = Promise.race([
      once(process.stdin, 'end'),
      once(process.stdout, 'error'),
      once(process, 'SIGINT'),
      once(process, 'SIGTERM'),
    ]);
    const server = serveStdio(
      () => createMcpServer({ ...opened.context, watched: command.lists.map(({ name }) => name) }, VERSION),
      {
        onerror: (error) => command.log.warn('message not understood', { why: error.message }),
      },
    );
    await ended;
    await server.close();
    return 0;
  },
});
