/** The MCP server: the tools under the official SDK. Loaded when it is needed, because the SDK is large. */
import { McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { QueryContext } from '../query/context.ts';
import { describeParameters, type RawParameters } from '../query/question.ts';
import { fitAnswer } from './fit.ts';
import { type Tool, tools } from './tools.ts';

const INSTRUCTIONS = `This archive records Hugging Face's daily and trending papers every hour.
Lists are daily, trending and watched:<slug>; a day is YYYY-MM-DD, times are UTC (2025-01-08T18:00:00Z), ids are arXiv ids as text (2501.04519).
Numbers are as observed: null is unknown, never 0. coverage says what was captured: what is missing was not captured, which does not mean that there was nothing.
Answers are cut to fit; omitted says what was left out and how to ask for it. When sample is true the papers are invented.`;

/** The list of tools changes only with the version. */
const CACHE_HINT = { ttlMs: 3_600_000, cacheScope: 'public' } as const;

/** Creates a server over an archive; a connection or a request needs one of its own. */
export async function createMcpServer(context: QueryContext, version: string): Promise<McpServer> {
  const server = new McpServer(
    { name: 'paperkeep', title: 'paperkeep', version },
    { instructions: INSTRUCTIONS, cacheHints: { 'tools/list': CACHE_HINT, 'server/discover': CACHE_HINT } },
  );
  for (const tool of tools) {
    const { name, title, description } = tool;
    const outputSchema = (await tool.answer()).extend({
      omitted: z.array(z.string()).meta({ description: 'what was left out so that the answer fits' }),
    });
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: asStandardSchema(describeInput(tool)),
        outputSchema: asStandardSchema(describeOutput(outputSchema)),
        annotations: { title, readOnlyHint: true, openWorldHint: false },
      },
      (given) => callTool(tool, context, given),
    );
  }
  return server;
}

/** Calls a tool. What the caller can put right is a result that says so, not an error of the protocol, which models do not see. */
async function callTool(tool: Tool, context: QueryContext, given: Readonly<Record<string, unknown>>) {
  try {
    const structuredContent = fitAnswer(await tool.run(context, toText(tool, given)), tool.more, tool.cutAt);
    return { structuredContent, content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }] };
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    return { isError: true, content: [{ type: 'text' as const, text: errorMessage(error) }] };
  }
}

/** Parameters as questions read them, as text. */
function toText({ name, parameters }: Tool, given: Readonly<Record<string, unknown>>): RawParameters {
  const unknown = Object.keys(given).filter((key) => !(key in parameters.shape));
  if (unknown.length > 0) {
    const message = `${name} has no ${unknown.join(', ')}; it has ${Object.keys(parameters.shape).join(', ')}`;
    throw new PaperkeepError({ code: 'INVALID_PARAMETERS', message });
  }
  const values = Object.entries(given).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(values.map(([key, value]) => [key, String(value)]));
}

/** The JSON schema of what a tool takes. */
function describeInput({ parameters }: Tool): JsonSchema {
  const properties = describeParameters(parameters);
  const required = Object.keys(properties).filter((name) => !parameters.shape[name]?.safeParse(undefined).success);
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The JSON schema of an answer. Without the bounds of safe integers, which are a quarter of it, since models read the list of tools. */
function describeOutput(answer: z.ZodObject): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(answer, {
    override({ jsonSchema }) {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return schema;
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema for the SDK that it shows to clients as it is. Questions read parameters themselves, and name everything that is wrong with them. */
const asStandardSchema = (schema: JsonSchema): StandardSchemaWithJSON<Record<string, unknown>> => ({
  '~standard': {
    version: 1,
    vendor: 'paperkeep',
    validate: (value) => ({ value: (value ?? {}) as Record<string, unknown> }),
    jsonSchema: { input: () => schema, output: () => schema },
  },
});
