/** The tools of the MCP server: each asks a question that the site answers too. */
import * as z from 'zod';
import type { Day } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import type { QueryContext } from '../query/context.ts';
import { coverageQuestion } from '../query/coverage.ts';
import { historyQuestion } from '../query/history.ts';
import type { ListAnswer } from '../query/list.schema.ts';
import { dailyOnQuestion, dailyQuestion, getList, getNewestList, type ListView } from '../query/list.ts';
import { moversQuestion } from '../query/movers.ts';
import { newQuestion } from '../query/new.ts';
import { paperQuestion } from '../query/paper.ts';
import { limit, list, orNull, paperReference, wholeNumber } from '../query/parameters.ts';
import { parseParameters, type Question, type RawParameters } from '../query/question.ts';
import { searchQuestion } from '../query/search.ts';
import { topQuestion } from '../query/top.ts';
import { getTopic, topicQuestion } from '../query/topic.ts';
import type { Topic } from '../query/topic-counts.ts';
import { type TopicRange, topic, topicRange, topicRules } from '../query/topic-parameters.ts';

/** An answer to a call, before it is made to fit. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

/** A tool that a model can call. */
export type Tool = {
  readonly name: string;
  /** What people see. */
  readonly title: string;
  /** What it answers, for the model. */
  readonly description: string;
  readonly parameters: z.ZodObject;
  readonly answer: () => Promise<z.ZodObject>;
  /** How to ask for what an answer left out. */
  readonly more: string;
  /** The end of lists that an answer leaves out first: `start` where they begin with the oldest. `end` when absent. */
  readonly cutAt?: 'start' | 'end';
  /**
   * Answers a call.
   *
   * @throws {InvalidParametersError} naming everything that is wrong
   * @throws {NotFoundError} when the archive does not have the subject
   */
  run(context: QueryContext, given: RawParameters): Promise<ToolAnswer>;
};

const NARROW = 'ask for a narrower range with from and to';
const SMALLER = 'ask again with a smaller limit, and go on with next as cursor';
/** The papers of an answer in pages unless a call asks for more: about what fits. */
const PAGE_SIZE = 20;

/** A tool that asks a question. Where the answer has pages, they are short. */
const askingTool = <P extends z.ZodObject, S extends z.ZodObject>(
  question: Pick<Question<P, S>, 'summary' | 'parameters' | 'rules' | 'answer' | 'run'>,
  tool: Pick<Tool, 'name' | 'title' | 'more' | 'cutAt'>,
): Tool => ({
  ...tool,
  description: question.summary,
  parameters:
    'limit' in question.parameters.shape
      ? question.parameters.extend({ limit: limit.unwrap().default(PAGE_SIZE) })
      : question.parameters,
  answer: question.answer,
  run: async (context, given) => {
    const asked = 'limit' in question.parameters.shape ? { limit: String(PAGE_SIZE), ...given } : given;
    return question.run(context, await parseParameters(question, asked, context));
  },
});

const { day, ...view } = dailyOnQuestion.parameters.shape;

const listPapers = {
  summary:
    'The papers of a list by rank: daily (of a day, else the newest), trending, or watched:<slug>, a saved search. ' +
    'With at, the list as it was known then. For a day that was not captured there are no papers, and coverage.status says why.',
  parameters: z.object({
    list: list.default('daily'),
    day: orNull(day),
    skip: orNull(wholeNumber(0, 'papers to skip: how many the answers before had')),
    ...view,
  }),
  answer: dailyQuestion.answer,
  run: async (context: QueryContext, { list, day, skip, ...view }: ListCall): Promise<ListAnswer> => {
    const answer = await (day ? getList(context, { list, day }, view) : getNewestList(context, list, view));
    return { ...answer, papers: answer.papers.slice(skip ?? 0) };
  },
};
type ListCall = ListView & { readonly list: ListName; readonly day: Day | null; readonly skip: number | null };

const search = {
  ...searchQuestion,
  summary: `${searchQuestion.summary} Understands "a phrase", begin*, title:, abstract:, author:, keyword: and -word.`,
};

const paper = { ...paperQuestion, parameters: paperQuestion.parameters.extend({ id: paperReference }) };
const history = { ...historyQuestion, parameters: historyQuestion.parameters.extend({ id: paperReference }) };

const topicTrend = {
  summary: 'The share of papers and of upvotes of a topic per week or month.',
  parameters: z.object({ topic, ...topicRange }),
  rules: topicRules,
  answer: topicQuestion.answer,
  run: (context: QueryContext, { topic, ...range }: TopicRange & { readonly topic: Topic }) =>
    getTopic(context, topic, range),
};

/** All tools, in the order in which clients list them. */
export const tools: readonly Tool[] = [
  askingTool(listPapers, {
    name: 'list_papers',
    title: 'List papers',
    more: 'ask for the rest with skip, or for fewer with minUpvotes or keyword',
  }),
  askingTool(paper, {
    name: 'get_paper',
    title: 'Get a paper',
    more: 'paper_history has every observation',
    cutAt: 'start',
  }),
  askingTool(history, { name: 'paper_history', title: 'History of a paper', more: NARROW, cutAt: 'start' }),
  askingTool(moversQuestion, { name: 'movers', title: 'What moved', more: NARROW }),
  askingTool(topQuestion, { name: 'top_papers', title: 'Top papers', more: SMALLER }),
  askingTool(search, { name: 'search_papers', title: 'Search papers', more: SMALLER }),
  askingTool(topicTrend, { name: 'topic_trend', title: 'Trend of a topic', more: NARROW, cutAt: 'start' }),
  askingTool(newQuestion, { name: 'new_papers', title: 'New papers', more: SMALLER }),
  askingTool(coverageQuestion, { name: 'coverage', title: 'Coverage', more: NARROW, cutAt: 'start' }),
];
