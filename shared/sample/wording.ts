import { pick, pickByWeight, pickSome, type Random, randomInt } from './random.ts';
import topics from './topics.json' with { type: 'json' };
import wording from './wording.json' with { type: 'json' };

/** A field of research and its words, which fit the templates of `wording.json`. */
export type SampleTopic = {
  /** Lower case; the first is the topic itself. */
  readonly keywords: readonly string[];
  /** Plural: "web agents". */
  readonly subjects: readonly string[];
  /** Singular without article: "desktop automation". */
  readonly tasks: readonly string[];
  /** Follows an adjective, singular without article: "rollback planning". */
  readonly cores: readonly string[];
  /** Plural and countable: "tool calls". */
  readonly parts: readonly string[];
  /** Follows a plural subject: "lose sight of the goal". */
  readonly failings: readonly string[];
  /** Follows "can" or "to": "know when to stop". */
  readonly abilities: readonly string[];
  /** Third person: "replays failed episodes". */
  readonly steps: readonly string[];
  /** In percent, more is better. */
  readonly metrics: readonly string[];
  /** Follows "on" or "across". */
  readonly settings: readonly string[];
  /** A syllable or two that names are made of. */
  readonly stems: readonly string[];
  /** Whole sentences that may begin an abstract. */
  readonly contexts: readonly string[];
  /** How common the topic is in ordinary times. */
  readonly weight: number;
};

/** All topics, in the order in which they become popular. */
export const TOPICS: readonly SampleTopic[] = topics;

/** The texts of an invented paper. */
export type PaperText = {
  readonly title: string;
  /** A title that an earlier version might have had. */
  readonly earlierTitle: string;
  readonly abstract: string;
  readonly aiSummary: string;
  readonly keywords: readonly string[];
  /** Name of the method, benchmark or model; null when the title has none. */
  readonly name: string | null;
};

type Draft = Readonly<Record<string, string>>;
const PHRASES: Readonly<Record<string, readonly string[]>> = wording.phrases;
const SUFFIXES: Readonly<Record<string, Readonly<Record<string, number>>>> = wording.suffixes;

/** Fills the placeholders of a template: `{task}` by the draft, else by one of the phrases of that name; `{12-60}` and `{0.4-1.9}` by a number of the range. */
const expand = (random: Random, template: string, draft: Draft): string =>
  template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const [, low, high] = /^([\d.]+)-([\d.]+)$/.exec(name) ?? [];
    if (low?.includes('.')) return (Number(low) + random() * (Number(high) - Number(low))).toFixed(1);
    if (low) return String(randomInt(random, Number(low), Number(high)));
    return draft[name] ?? expand(random, pick(random, PHRASES[name] ?? []), draft);
  });

const capitalize = (text: string): string =>
  text.replace(/^(["'(]?)(\p{Ll})/u, (_, open: string, first: string) => open + first.toUpperCase());

const toSentences = (text: string): string =>
  text
    .split(/(?<=[.?]) /)
    .map(capitalize)
    .join(' ');

const initials = (text: string): string => text.replaceAll(/(\w)\w*[\s-]*/g, '$1').toUpperCase();

/** Writes a title in title case; words that have a capital stay as they are. */
export function titleCase(text: string): string {
  const words = text.split(' ');
  const isSmall = (word: string) => wording.smallWords.includes(word);
  return words
    .map((word, at) => {
      const opens = at === 0 || at === words.length - 1 || /[:?]$/.test(words[at - 1] ?? '');
      if (/\p{Lu}/u.test(word) || (isSmall(word) && !opens)) return word;
      return word
        .split('-')
        .map((part, index) => (index > 0 && isSmall(part) ? part : capitalize(part)))
        .join('-');
    })
    .join(' ');
}

/** Chooses the words of one paper, so that its title, abstract and summary are about the same thing. */
function draftPaper(random: Random, topic: SampleTopic): Draft {
  const [task = '', otherTask = ''] = pickSome(random, topic.tasks, 2);
  const [core = '', otherCore = ''] = pickSome(random, topic.cores, 2);
  const [parts = '', otherParts = ''] = pickSome(random, topic.parts, 2);
  const [failing = '', otherFailing = ''] = pickSome(random, topic.failings, 2);
  const [step = '', otherStep = ''] = pickSome(random, topic.steps, 2);
  const method = `${pick(random, wording.modifiers)} ${core}`;
  const pairs = { task, otherTask, core, otherCore, parts, otherParts, failing, otherFailing, step, otherStep };
  const subjects = pick(random, topic.subjects);
  const ability = pick(random, topic.abilities);
  const metric = pick(random, topic.metrics);
  const setting = pick(random, topic.settings);
  const stem = pick(random, topic.stems);
  const context = pick(random, topic.contexts);
  return { ...pairs, method, initials: initials(method), subjects, ability, metric, setting, stem, context };
}

function pickKeywords(random: Random, topic: SampleTopic, core: string): string[] {
  const [own = '', ...others] = topic.keywords;
  const neighbour = random() < 0.35 ? [pick(random, pick(random, TOPICS).keywords)] : [];
  return [...new Set([own, ...pickSome(random, others, randomInt(random, 2, 5)), core, ...neighbour])];
}

/**
 * Writes the texts of a paper on a topic. `isFree` says whether a name (or the title, where there is no name) may be used;
 * about one in ten must be free, since it is asked until one is.
 */
export function composePaper(random: Random, topic: SampleTopic, isFree: (text: string) => boolean): PaperText {
  for (;;) {
    const form = pickByWeight(random, wording.titles, ({ weight }) => weight);
    const suffixes = SUFFIXES[form.kind];
    const words = draftPaper(random, topic);
    const invented = suffixes ? expand(random, '{invented}', words) : null;
    const suffix = suffixes ? pickByWeight(random, Object.entries(suffixes), ([, weight]) => weight)[0] : '';
    const name = invented === null ? null : invented + suffix;
    const draft = { ...words, name: name ?? '', it: name ?? 'our method' };
    const title = expand(random, form.title, draft);
    if (!isFree(invented ?? title)) continue;
    return {
      title: titleCase(title),
      earlierTitle: titleCase(
        expand(random, name ? '{name}: {core} for {subjects}' : 'Towards {method} in {task}', draft),
      ),
      abstract: toSentences(expand(random, `{abstract ${form.kind}}`, draft)),
      aiSummary: toSentences(expand(random, `{summary ${form.kind}}`, draft)),
      keywords: pickKeywords(random, topic, words.core ?? ''),
      name,
    };
  }
}
