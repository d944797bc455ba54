import { pick, pickByWeight, pickSome, type Random, randomInt } from './random.ts';
import { type SampleTopic, TOPICS } from './topics.ts';

/** What a made-up paper says. */
export type Wording = {
  readonly title: string;
  /** The title it might have had in a first version; another one in any case. */
  readonly earlierTitle: string;
  readonly abstract: string;
  readonly aiSummary: string;
  readonly keywords: readonly string[];
  /** The name of the method, the benchmark or the model; null when the title has none. */
  readonly name: string | null;
};

/** Everything that the sentences of one paper draw from, so that title, abstract and summary speak of the same thing. */
type Draft = {
  readonly chance: Random;
  readonly topic: SampleTopic;
  readonly name: string;
  readonly subjects: string;
  readonly task: string;
  readonly otherTask: string;
  readonly core: string;
  readonly otherCore: string;
  readonly method: string;
  readonly parts: string;
  readonly otherParts: string;
  readonly failing: string;
  readonly otherFailing: string;
  readonly ability: string;
  readonly steps: readonly string[];
  readonly metric: string;
  readonly setting: string;
};

type Kind = 'method' | 'benchmark' | 'dataset' | 'ability' | 'failing' | 'role' | 'survey' | 'model';
type Form = {
  readonly kind: Kind;
  readonly weight: number;
  /** What is made of an invented name: a benchmark says so. Null: the title has no name. */
  readonly named: ((name: string, chance: Random) => string) | null;
  readonly title: (draft: Draft) => string;
};

const split = (text: string): string[] => text.split(/,\s*/);

const MODIFIERS = split(
  'adaptive, verifier-guided, self-distilled, budget-aware, contrastive, entropy-gated, hierarchical, sparse, asynchronous, ' +
    'uncertainty-aware, progressive, block-wise, low-rank, counterfactual, stochastic, two-stage, test-time, residual, multi-scale, ' +
    'anchored, amortized, self-consistent, curriculum-driven, lightweight, closed-loop, delayed, sample-efficient, structure-aware, ' +
    'calibrated, decoupled, iterative, parallel, annealed, label-free, bidirectional, error-driven',
);
const QUALITIES = split(
  'reliable, controllable, verifiable, affordable, robust, open-ended, trustworthy, faster, general',
);
const FRONTS = split(
  'Open, Omni, Fast, Lite, Self, Auto, Co, Re, Dual, Deep, Any, Ever, Clear, Swift, True, Deft, Light, Quiet, Slow, Wide, Far, Twin, ' +
    'Poly, Iso, Neo, Hyper, Inter, Trans, Cross, Full, Post, Late, First, Free, Bright, Steady, Hidden, Loop, Inner, Half',
);
const BACKS = split(
  'Loom, Forge, Weave, Flow, Former, Kit, Lab, Mind, Path, Bridge, Gate, Craft, Pilot, Smith, Sense, Cast, Shift, Spark, Wave, Field, ' +
    'Tree, Link, Core, Mix, Tuner, Scope, Grid, Chain, Ring, Seed, Rail, Port, Nest, Hive, Key, Line, Step, Leap, Tide, Fold, Stone, Mill, Yard',
);
const NAMES = split(
  'Kestrel, Heron, Juniper, Marlin, Tamarack, Basalt, Cobalt, Saffron, Larkspur, Osprey, Quartz, Sorrel, Thistle, Umber, Vireo, Willow, ' +
    'Zephyrine, Alder, Bramble, Cinder, Dunlin, Elderberry, Fennel, Gannet, Hazel, Indigo, Jasper, Kelp, Lichen, Mistral, Nettle, Ochre, Plover, ' +
    'Quince, Rowan, Sable, Tansy, Verbena, Wren, Yarrow, Aspen, Beryl, Coriander, Drumlin, Estuary, Fathom, Glacier, Hollow, Islet, Jetty, ' +
    'Knoll, Lagoon, Moraine, Nimbus, Orchard, Peregrine, Quarry, Ravine, Sandbar, Tundra, Upland, Viaduct, Wharf, Almanac, Barometer, Compass, ' +
    'Daybook, Ember, Filament, Gimbal, Hourglass, Inkwell, Keystone, Lantern, Metronome, Octant, Pendulum, Quadrant, Rudder, Sextant, Tiller',
);

const initials = (text: string): string =>
  text
    .split(/[\s-]+/)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join('');

const inventName = (chance: Random, { topic, method, task }: Draft): string => {
  const stem = pick(chance, topic.stems);
  const shape = chance();
  if (shape < 0.22) return `${pick(chance, FRONTS)}${stem}`;
  if (shape < 0.48) return `${stem}${pick(chance, BACKS)}`;
  if (shape < 0.6) return `${pick(chance, NAMES)}-${stem}`;
  if (shape < 0.78) return pick(chance, NAMES);
  if (shape < 0.88) return `${initials(method)}${chance() < 0.5 ? '' : initials(task).slice(0, 1)}`;
  return `${initials(method).slice(0, 2)}-${stem}`;
};

const VERSIONS = ['-Zero', '-R', '2', '++', ' 2.0', '-XL', '-Mini', '-1'];

const plain = (name: string, chance: Random): string => (chance() < 0.88 ? name : `${name}${pick(chance, VERSIONS)}`);
const nameless = null;
const bench = (name: string, chance: Random): string =>
  `${name}${pick(chance, ['-Bench', 'Bench', '-Eval', '-Arena', ''])}`;
const sized = (name: string, chance: Random): string => `${name}-${pick(chance, ['20K', '120K', '1M', '5M', '12M'])}`;

const form = (kind: Kind, weight: number, named: Form['named'], title: Form['title']): Form => ({
  kind,
  weight,
  named,
  title,
});

const FORMS: readonly Form[] = [
  form('method', 5, plain, (d) => `${d.name}: ${d.method} for ${d.task}`),
  form('method', 4, plain, (d) => `${d.name}: ${d.task} with ${d.method}`),
  form('method', 3, plain, (d) => `${d.name}: ${d.task} via ${d.method}`),
  form('method', 4, plain, (d) => `${d.name}: Toward ${pick(d.chance, QUALITIES)} ${d.task}`),
  form('method', 4, plain, (d) => `${d.name}: Teaching ${d.subjects} to ${d.ability}`),
  form('method', 3, plain, (d) => `${d.name}: Fewer ${d.parts}, Better ${d.task}`),
  form('method', 3, plain, (d) => `${d.name}: Unifying ${d.task} and ${d.otherTask}`),
  form('method', 3, plain, (d) => `${d.name}: Scaling ${d.task} through ${d.method}`),
  form('method', 3, plain, (d) => `${d.name}: Rethinking ${d.parts} in ${d.task}`),
  form('method', 2, plain, (d) => `${d.name}: A Simple Baseline for ${d.task}`),
  form('method', 3, plain, (d) => `${d.name}: ${d.core} Meets ${d.otherCore}`),
  form('method', 3, plain, (d) => `${d.name}: ${d.subjects} That ${d.ability}`),
  form('method', 2, plain, (d) => `${d.name}: From ${d.parts} to ${d.otherParts}`),
  form('method', 2, plain, (d) => `${d.name}: One Model for ${d.task} and Beyond`),
  form('method', 2, plain, (d) => `${d.name}: Learning ${d.task} from ${d.parts} Alone`),
  form('method', 2, plain, (d) => `${d.name}: When ${d.subjects} ${d.failing}`),
  form('method', 3, nameless, (d) => `${d.method} for ${d.task}`),
  form('method', 2, nameless, (d) => `${d.method} Improves ${d.task}`),
  form('method', 3, nameless, (d) => `Teaching ${d.subjects} to ${d.ability} with ${d.method}`),
  form('method', 2, nameless, (d) => `${d.task} without ${d.parts}`),
  form('method', 2, nameless, (d) => `Beyond ${d.parts}: ${d.method} for ${d.task}`),
  form('method', 2, nameless, (d) => `Less Is Enough: ${d.task} with Few ${d.parts}`),
  form('method', 2, nameless, (d) => `Where ${d.parts} Matter: ${d.method} for ${d.subjects}`),
  form('method', 2, nameless, (d) => `Making ${d.subjects} ${d.ability}`),
  form('method', 2, nameless, (d) => `Joint ${d.core} and ${d.otherCore} for ${d.task}`),
  form('benchmark', 3, bench, (d) => `${d.name}: Can ${d.subjects} ${d.ability}?`),
  form('benchmark', 3, bench, (d) => `${d.name}: Evaluating ${d.subjects} on ${d.task}`),
  form('benchmark', 2, bench, (d) => `${d.name}: A Benchmark for ${d.task}`),
  form('benchmark', 2, bench, (d) => `${d.name}: How Often Do ${d.subjects} ${d.failing}?`),
  form('benchmark', 2, bench, (d) => `${d.name}: Stress-Testing ${d.subjects} in ${d.task}`),
  form('dataset', 2, sized, (d) => `${d.name}: An Open Dataset for ${d.task}`),
  form('dataset', 1, sized, (d) => `${d.name}: Better ${d.parts} for ${d.task}`),
  form('ability', 2, nameless, (d) => `Can ${d.subjects} ${d.ability}?`),
  form('ability', 1, nameless, (d) => `Do ${d.subjects} Really ${d.ability}?`),
  form('failing', 2, nameless, (d) => `Why Do ${d.subjects} ${d.failing}?`),
  form('failing', 1, nameless, (d) => `${d.subjects} ${d.failing}: Causes and Cures`),
  form('failing', 1, nameless, (d) => `When ${d.subjects} ${d.failing}, and What Helps`),
  form('role', 2, nameless, (d) => `What Do ${d.parts} Contribute to ${d.task}?`),
  form('role', 1, nameless, (d) => `How Many ${d.parts} Does ${d.task} Need?`),
  form('role', 2, nameless, (d) => `On the Role of ${d.parts} in ${d.task}`),
  form('role', 2, nameless, (d) => `The Hidden Cost of ${d.parts} in ${d.task}`),
  form('role', 1, nameless, (d) => `Not All ${d.parts} Are Equal: A Study of ${d.task}`),
  form('survey', 1, nameless, (d) => `A Survey of ${d.core} for ${d.task}`),
  form('survey', 1, nameless, (d) => `${d.task}: Methods, Measures and Open Problems`),
  form('model', 2, plain, (d) => `${d.name} Technical Report`),
  form('model', 2, plain, (d) => `${d.name}: An Open Model for ${d.task}`),
];

const SMALL = new Set(
  split(
    'a, an, and, as, at, but, by, for, from, in, nor, of, on, or, per, so, than, the, to, under, via, with, without, yet',
  ),
);

const capital = (word: string): string =>
  word.replace(/^(["'(]?)(\p{Ll})/u, (_, open: string, first: string) => open + first.toUpperCase());

/** Puts a title into title case; words that have a capital already stay as they are. */
export function titleCase(text: string): string {
  const parts = text.split(' ');
  return parts
    .map((word, at) => {
      const opens = at === 0 || at === parts.length - 1 || /[:?]$/.test(parts[at - 1] ?? '');
      if (/\p{Lu}/u.test(word) || (SMALL.has(word) && !opens)) return word;
      return word
        .split('-')
        .map((piece, index) => (index > 0 && SMALL.has(piece) ? piece : capital(piece)))
        .join('-');
    })
    .join(' ');
}

const points = (chance: Random): string => (1.5 + chance() * 14).toFixed(1);
const share = (chance: Random, low: number, high: number): string => (low + chance() * (high - low)).toFixed(1);

/** What is wrong, as a first sentence. */
const gap = (d: Draft): string =>
  pick(d.chance, [
    `In ${d.task}, even strong ${d.subjects} ${d.failing}.`,
    `Existing methods treat all ${d.parts} alike, which is one reason why ${d.subjects} ${d.failing}.`,
    `${d.subjects} ${d.failing} far more often than aggregate scores suggest.`,
    `When ${d.task} gets harder, ${d.subjects} ${d.failing}, and adding ${d.parts} does not help.`,
  ]);

/** What is wrong, after a sentence about the field. */
const butStill = (d: Draft): string =>
  pick(d.chance, [
    `Yet ${d.task} remains difficult: ${d.subjects} still ${d.failing}.`,
    `Current remedies are costly, and ${d.subjects} still ${d.failing}.`,
    `This is plainest in ${d.task}, where ${d.subjects} ${d.failing}.`,
    gap(d),
  ]);

const result = (d: Draft, it: string): string => {
  const before = 22 + d.chance() * 45;
  const gain = 3 + d.chance() * 15;
  return pick(d.chance, [
    `On ${d.setting}, ${it} raises ${d.metric} from ${before.toFixed(1)}% to ${(before + gain).toFixed(1)}%.`,
    `Across ${d.setting}, ${it} improves ${d.metric} by ${points(d.chance)} points over the strongest baseline at equal compute.`,
    `Experiments on ${d.setting} show a gain of ${points(d.chance)} points in ${d.metric}, most of it on the hardest third of the cases.`,
    `On ${d.setting}, ${it} matches the best published ${d.metric} at ${randomInt(d.chance, 15, 60)}% of the training cost.`,
    `Evaluated on ${d.setting}, ${it} gains ${points(d.chance)} points in ${d.metric} while using ${randomInt(d.chance, 20, 70)}% fewer ${d.parts}.`,
  ]);
};

const closing = (d: Draft): string =>
  pick(d.chance, [
    'Code and weights are available.',
    'The gains hold for three model families and grow with scale.',
    `We also report where it falls short: ${d.subjects} still ${d.otherFailing}.`,
    `Ablations attribute most of the improvement to ${d.core}.`,
    'All evaluation logs are released.',
    `The same recipe carries over to ${d.otherTask} without changes.`,
  ]);

const ABSTRACTS: Readonly<Record<Kind, (draft: Draft) => string[]>> = {
  method: (d) => {
    const it = d.name === '' ? 'our method' : d.name;
    const proposed =
      d.name === ''
        ? pick(d.chance, [
            `We propose ${d.method} to help ${d.subjects} ${d.ability}.`,
            `This paper introduces ${d.method} for ${d.task}.`,
            `We show that ${d.method} lets ${d.subjects} ${d.ability}.`,
          ])
        : pick(d.chance, [
            `We introduce ${d.name}, a framework for ${d.task} built on ${d.method}.`,
            `We present ${d.name}, which uses ${d.method} to help ${d.subjects} ${d.ability}.`,
            `${d.name} approaches ${d.task} through ${d.method}.`,
          ]);
    const tells = [`The method ${d.steps[0]}; a second component ${d.steps[1]}.`];
    const body =
      d.chance() < 0.7
        ? [pick(d.chance, d.topic.contexts), butStill(d), proposed, ...pick(d.chance, [[`It ${d.steps[0]}.`], tells])]
        : [gap(d), proposed, ...pick(d.chance, [tells, [`It ${d.steps[0]}.`, `At the same time, it ${d.steps[1]}.`]])];
    return [...body, result(d, it), ...(body.length === 3 ? [closing(d)] : [])];
  },
  benchmark: (d) => [
    pick(d.chance, d.topic.contexts),
    pick(d.chance, [
      `Existing benchmarks for ${d.task} score final answers and cannot tell whether ${d.subjects} ${d.ability}.`,
      `Whether ${d.subjects} can ${d.ability} has not been measured systematically.`,
    ]),
    `We present ${d.name}, ${randomInt(d.chance, 4, 48) * 60} cases of ${d.task} with graded rubrics, built to test whether ${d.subjects} can ${d.ability}.`,
    `The best of ${randomInt(d.chance, 9, 31)} systems reaches ${share(d.chance, 19, 58)}% ${d.metric}, against ${share(d.chance, 81, 96)}% for people.`,
    pick(d.chance, [
      `Most errors have one cause: the systems ${d.failing}.`,
      `Larger models help only a little, since they too ${d.failing}.`,
      `An analysis of ${randomInt(d.chance, 3, 19) * 100} failures shows that ${d.subjects} ${d.failing}.`,
    ]),
  ],
  dataset: (d) => [
    `Progress in ${d.task} is limited by data rather than by architecture.`,
    `We release ${d.name}, a collection with ${d.parts} and ${d.otherParts} from ${randomInt(d.chance, 12, 90)} sources under open licenses.`,
    `Each item was checked by two annotators, and ${share(d.chance, 6, 22)}% were discarded as ambiguous.`,
    `Training on it raises ${d.metric} by ${points(d.chance)} points on ${d.setting}.`,
    'The collection pipeline is released as well.',
  ],
  ability: (d) => [
    pick(d.chance, d.topic.contexts),
    `It is widely assumed that ${d.subjects} can ${d.ability}; we test this assumption on ${d.setting}.`,
    `The answer is mostly no: in ${share(d.chance, 34, 71)}% of the cases they ${d.failing}, and scale helps less than expected.`,
    `A simple intervention, ${d.method}, closes about half of the gap.`,
    `It ${d.steps[0]}.`,
  ],
  failing: (d) => [
    `It is well known that ${d.subjects} ${d.failing}, and a lack of data is the usual explanation.`,
    `Through ${randomInt(d.chance, 12, 60)} controlled experiments on ${d.setting} we show that the cause lies in ${d.parts} instead.`,
    `The effect appears in every model that we tested and grows with the difficulty of ${d.task}.`,
    `Guided by this diagnosis, ${d.method} recovers ${points(d.chance)} points of ${d.metric} without retraining.`,
  ],
  role: (d) => [
    pick(d.chance, d.topic.contexts),
    `This study measures what ${d.parts} contribute to ${d.task}.`,
    `On ${d.setting}, removing half of them changes ${d.metric} by less than ${share(d.chance, 0.4, 1.9)} points, while removing the wrong tenth costs ${points(d.chance)}.`,
    `The imbalance explains why ${d.subjects} ${d.failing}.`,
    `We turn the finding into ${d.method}, which ${d.steps[0]}.`,
  ],
  survey: (d) => [
    pick(d.chance, d.topic.contexts),
    `We review ${randomInt(d.chance, 90, 340)} papers on ${d.core} and related approaches to ${d.task}.`,
    `The taxonomy asks two questions of each: what it assumes about ${d.parts}, and what it does when ${d.subjects} ${d.failing}.`,
    `Under a common protocol on ${d.setting}, about a third of the reported gains in ${d.metric} disappear.`,
    `We close with open problems, among them how ${d.subjects} could learn to ${d.ability}.`,
  ],
  model: (d) => [
    `We describe ${d.name}, a family of open models for ${d.task} with ${pick(d.chance, ['3, 14 and 70', '2 and 9', '7 and 32', '1.5, 8 and 27'])} billion parameters.`,
    `Training combines ${d.method} with ${d.otherCore}.`,
    `The final stage ${d.steps[0]}, which proved more important than scale.`,
    result(d, `the largest ${d.name} model`),
    `Weights, training logs and the data recipe are released under a permissive license.`,
  ],
};

const SUMMARIES: Readonly<Record<Kind, (draft: Draft) => string>> = {
  method: (d) =>
    d.name === ''
      ? `${capital(d.method)} helps ${d.subjects} ${d.ability}, improving ${d.metric} in ${d.task}.`
      : `${d.name} improves ${d.task} through ${d.method}, with better ${d.metric} on ${d.setting}.`,
  benchmark: (d) => `${d.name} tests whether ${d.subjects} can ${d.ability} and finds that they often ${d.failing}.`,
  dataset: (d) => `${d.name} is an open dataset for ${d.task} that raises ${d.metric} when used for training.`,
  ability: (d) => `A controlled study finds that ${d.subjects} often ${d.failing} and that ${d.method} helps.`,
  failing: (d) => `A study traces why ${d.subjects} ${d.failing} back to ${d.parts} and proposes ${d.method}.`,
  role: (d) => `A study of ${d.parts} in ${d.task} finds that few of them matter and proposes ${d.method}.`,
  survey: (d) => `A survey of ${d.core} for ${d.task} compares methods under a common protocol.`,
  model: (d) => `${d.name} is a family of open models for ${d.task} trained with ${d.method}.`,
};

const keywordsOf = (chance: Random, topic: SampleTopic, core: string): string[] => {
  const [own = '', ...others] = topic.keywords;
  const neighbour = chance() < 0.35 ? [pick(chance, pick(chance, TOPICS).keywords)] : [];
  return [...new Set([own, ...pickSome(chance, others, randomInt(chance, 2, 5)), core, ...neighbour])];
};

const draftOf = (chance: Random, topic: SampleTopic): Draft => {
  const [task = '', otherTask = ''] = pickSome(chance, topic.tasks, 2);
  const [core = '', otherCore = ''] = pickSome(chance, topic.cores, 2);
  const [parts = '', otherParts = ''] = pickSome(chance, topic.parts, 2);
  const [failing = '', otherFailing = ''] = pickSome(chance, topic.failings, 2);
  return {
    chance,
    topic,
    name: '',
    subjects: pick(chance, topic.subjects),
    task,
    otherTask,
    core,
    otherCore,
    method: `${pick(chance, MODIFIERS)} ${core}`,
    parts,
    otherParts,
    failing,
    otherFailing,
    ability: pick(chance, topic.abilities),
    steps: pickSome(chance, topic.steps, 2),
    metric: pick(chance, topic.metrics),
    setting: pick(chance, topic.settings),
  };
};

const finished = ({ kind, title }: Form, d: Draft): Wording => ({
  title: titleCase(title(d)),
  earlierTitle: titleCase(
    d.name === '' ? `Towards ${d.method} in ${d.task}` : `${d.name}: ${d.core} for ${d.subjects}`,
  ),
  abstract: ABSTRACTS[kind](d).map(capital).join(' '),
  aiSummary: SUMMARIES[kind](d),
  keywords: keywordsOf(d.chance, d.topic, d.core),
  name: d.name === '' ? null : d.name,
});

/** Names or titles to try before another form is chosen: questions soon run out, names hardly ever. */
const TRIES = 80;

/**
 * Words a paper on a topic. `fresh` says whether a name (or the title, where there is none) is free; it is asked until one is,
 * so it must let about one in ten through. The same draws give the same paper.
 */
export function composePaper(chance: Random, topic: SampleTopic, fresh: (text: string) => boolean): Wording {
  for (;;) {
    const chosen = pickByWeight(chance, FORMS, (one) => one.weight);
    let draft = draftOf(chance, topic);
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (chosen.named === null) {
        if (fresh(titleCase(chosen.title(draft)))) return finished(chosen, draft);
        draft = draftOf(chance, topic);
      } else {
        const name = inventName(chance, draft);
        if (fresh(name)) return finished(chosen, { ...draft, name: chosen.named(name, chance) });
      }
    }
  }
}
