/** What questions about topics are asked with. */
import * as z from 'zod';
import type { PeriodKind } from '../lib/period.ts';
import { collapseWhitespace, slugOf } from '../model/paper.ts';
import { atMostDays, dateRange, endsAfterStart, parsed } from './parameters.ts';
import { MAX_RANGE_DAYS, type OpenDateRange } from './range.ts';
import type { Topic } from './topic-counts.ts';

/** The most topics to compare: more lines can hardly be distinguished. */
const MAX_TOPICS = 8;
/** A comma followed by nothing but text without double quotes and closed pairs of them. */
const COMMA_OUTSIDE_QUOTES = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/** Several topics with commas between them: slugs of keywords, or phrases. A comma within double quotes is part of a phrase. */
export const topicList = parsed<readonly Topic[]>(
  parseTopics,
  'must be 1 to 8 topics with commas between them: slugs of keywords, or phrases, in double quotes that are closed where they hold a comma',
  { minLength: 1, examples: ['agents,diffusion-models,"world model"'] },
  // slugs have up to 100 characters
  MAX_TOPICS * 103,
  ',',
);
/** A phrase. */
export const phrase = parsed<Topic>(parsePhrase, 'must hold a letter or a digit', { examples: ['test-time scaling'] });
/** The slug of a keyword, or a phrase in double quotes. */
export const topic = parsed<Topic>(parseTopic, 'must be the slug of a keyword, or a phrase in double quotes', {
  examples: ['diffusion-models', '"world model"'],
});
/** Over which days, and by what they are grouped, as parameters. */
export const topicRange = { ...dateRange, by: z.enum(['week', 'month'], 'must be week or month').default('week') };
/** The rules over them. */
export const topicRules = [endsAfterStart, atMostDays(MAX_RANGE_DAYS)];

/** Over which days, and by what they are grouped. */
export type TopicRange = OpenDateRange & { readonly by: PeriodKind };

/** Parses a topic: a slug is a keyword, other text and text in double quotes a phrase; null for text without a letter or digit. */
export function parseTopic(text: string): Topic | null {
  const [, quoted] = /^\s*"(.*)"\s*$/s.exec(text) ?? [];
  const topic = collapseWhitespace((quoted ?? text).replaceAll(/\p{Cc}/gu, ' '));
  if (slugOf(topic) === '') return null;
  return { kind: quoted === undefined && slugOf(topic) === topic ? 'keyword' : 'phrase', topic };
}

/** A phrase, even where it could be a slug; null for text without a letter or digit. */
function parsePhrase(text: string): Topic | null {
  const topic = parseTopic(text)?.topic;
  return topic === undefined ? null : { kind: 'phrase', topic };
}

function parseTopics(text: string): readonly Topic[] | null {
  const isClosed = text.split('"').length % 2 === 1;
  const read = isClosed ? text.split(COMMA_OUTSIDE_QUOTES).map(parseTopic) : [null];
  const topics = new Map(read.flatMap((topic) => (topic ? [[`${topic.kind} ${topic.topic}`, topic] as const] : [])));
  return !read.includes(null) && topics.size <= MAX_TOPICS ? [...topics.values()] : null;
}
