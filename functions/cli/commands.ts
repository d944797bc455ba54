import type { Command } from './command.ts';

/** Every command by its name, in the order in which `--help` lists them; each is loaded only when it is needed. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  collect: async () => (await import('./commands/collect.ts')).collect,
  backfill: async () => (await import('./commands/backfill.ts')).backfill,
  import: async () => (await import('./commands/import.ts')).importCaptures,
  'show daily': async () => (await import('./commands/show/daily.ts')).showDaily,
  'show trending': async () => (await import('./commands/show/trending.ts')).showTrending,
  'show watched': async () => (await import('./commands/show/watched.ts')).showWatched,
  'show paper': async () => (await import('./commands/show/paper.ts')).showPaper,
  'show similar': async () => (await import('./commands/show/similar.ts')).showSimilar,
  'show movers': async () => (await import('./commands/show/movers.ts')).showMovers,
  'show top': async () => (await import('./commands/show/top.ts')).showTop,
  'show expected': async () => (await import('./commands/show/expected.ts')).showExpected,
  'show topics': async () => (await import('./commands/show/topics.ts')).showTopics,
  'show topic': async () => (await import('./commands/show/topic.ts')).showTopic,
  'show compare': async () => (await import('./commands/show/compare.ts')).showCompare,
  'show new': async () => (await import('./commands/show/new.ts')).showNew,
  'show coverage': async () => (await import('./commands/show/coverage.ts')).showCoverage,
  search: async () => (await import('./commands/search.ts')).search,
  mcp: async () => (await import('./commands/mcp.ts')).mcp,
  status: async () => (await import('./commands/status.ts')).status,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  verify: async () => (await import('./commands/verify.ts')).verify,
  record: async () => (await import('./commands/record.ts')).record,
  replay: async () => (await import('./commands/replay.ts')).replay,
  export: async () => (await import('./commands/export.ts')).exportFiles,
  digest: async () => (await import('./commands/digest.ts')).digest,
  subscribers: async () => (await import('./commands/subscribers.ts')).subscribers,
  copy: async () => (await import('./commands/copy.ts')).copy,
  deploy: async () => (await import('./commands/deploy.ts')).deploy,
  update: async () => (await import('./commands/update.ts')).update,
  destroy: async () => (await import('./commands/destroy.ts')).destroy,
  redrive: async () => (await import('./commands/redrive.ts')).redrive,
  pause: async () => (await import('./commands/pause.ts')).pause,
  resume: async () => (await import('./commands/resume.ts')).resume,
};

/** What the help says of groups: commands whose names have two words. */
export const groups: Readonly<Record<string, Pick<Command, 'summary' | 'examples'>>> = {
  show: {
    summary: 'Shows lists, papers, leaderboards, topics and coverage as tables.',
    examples: ['show daily yesterday', 'show movers --help'],
  },
};

/** The names of all commands. */
export const commandNames: readonly string[] = Object.keys(loaders);

/** Loads the commands of these names. */
export const loadCommands = (names: readonly string[] = commandNames): Promise<Command[]> =>
  Promise.all(names.map((name) => (loaders[name] as () => Promise<Command>)()));
