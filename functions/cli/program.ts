import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** What a command does with its arguments and options; returns the exit code. */
export type Run = (
  context: Context,
  args: readonly (string | readonly string[] | undefined)[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>;

/** A command as it is described; what it does is loaded when it is asked for. */
export type CliCommand = {
  /** What it is called and takes, as commander writes it: `show <what> [which]`. */
  readonly usage: string;
  readonly says: string;
  readonly examples: readonly string[];
  readonly options: readonly (readonly [flags: string, says: string])[];
  load(): Promise<Run>;
};

const AT: readonly [string, string] = ['--at <time>', 'sets the clock; only against a feed on a loopback address'];

/** All commands, in the order in which they are needed. */
export const commands: readonly CliCommand[] = [
  {
    usage: 'serve',
    says: 'Serves the site and API; with --collect also looks at the feed every hour.',
    examples: ['serve --collect', 'serve --port 9000'],
    options: [
      ['--port <number>', 'port to listen on (8080; 0: any free one)'],
      ['--host <address>', 'address to listen on (127.0.0.1)'],
      ['--collect', 'also collect what is due, now and every hour'],
    ],
    load: async () => (await import('./commands/serve.ts')).runServe,
  },
  {
    usage: 'collect [source...]',
    says: 'Fetches, archives and records what is due now, or exactly the sources named.',
    examples: ['collect', 'collect daily --day 2025-01-08'],
    options: [['--day <day>', 'the list day of daily (today)'], AT],
    load: async () => (await import('./commands/collect.ts')).runCollect,
  },
  {
    usage: 'backfill <source>',
    says: 'Collects every day of a range that was not captured yet. Ended midway, run it again: it goes on.',
    examples: ['backfill daily --from 2024-01-01 --to 2024-03-31 --dry-run'],
    options: [
      ['--from <day>', 'first list day'],
      ['--to <day>', 'last list day'],
      ['--dry-run', 'only say what would be collected'],
      AT,
    ],
    load: async () => (await import('./commands/backfill.ts')).runBackfill,
  },
  {
    usage: 'import [path...]',
    says:
      'Brings captures that something else took: .warc[.gz], saved .json[.gz] answers of the API, saved .html, copied page .txt; ' +
      'files, folders, or the address of another paperkeep.',
    examples: [
      'import --manifest old/index.csv',
      'import page.html --list trending --at 2026-10-07T12:00:00Z',
      'import https://papers.example.org/',
    ],
    options: [
      ['--manifest <file>', 'CSV with header file,source,listDay,captured_at; paths relative to it'],
      ['--list <source>', 'of which source a bare file is: daily, trending, watched:<slug>'],
      ['--day <day>', 'of which list'],
      ['--at <time>', 'when it was captured'],
    ],
    load: async () => (await import('./commands/import.ts')).runImport,
  },
  {
    usage: 'show <what> [which]',
    says: 'Shows as a table: daily [DAY], trending [DAY], watched SLUG, paper ID, movers [LIST], new, top [WEEK or MONTH], topic SLUG or PHRASE, compare SLUG,SLUG, coverage [LIST].',
    examples: [
      'show daily',
      'show daily 2025-01-08 --at 2025-01-08T12:00:00Z',
      'show paper 2501.04519',
      'show movers trending --window 7d',
      'show new --since 2025-01-08',
      'show coverage --from 2025-01-01',
      'show top 2025-W02 --by gain',
      'show topic "world model" --by month',
      'show compare agents,diffusion-models',
    ],
    options: [
      ['--at <time>', 'lists: as it was known then'],
      ['--window <stretch>', 'movers: 24h, 7d or 30d before --to (24h)'],
      ['--since <time>', 'new: a day or a time (24 hours ago)'],
      ['--from <day>', 'coverage, top, topic, compare: first day; movers: a day or a time'],
      ['--to <day>', 'coverage, top, topic, compare: last day; movers: a day or a time (now)'],
      ['--list <list>', 'top: of which list (daily)'],
      ['--by <what>', 'top: upvotes, gain or days; topic, compare: week or month'],
      ['--age <age>', 'top: ranks by upvotes or gain at that age, 36h or 2d'],
    ],
    load: async () => (await import('./commands/show.ts')).runShow,
  },
  {
    usage: 'search [text...]',
    says: 'Finds papers by words in title, abstract, authors and keywords, on lists that fit; "a phrase", begin*, title:word, author:name, keyword:word, -word.',
    examples: ['search long tables', 'search \'"long reading" author:ada\' --list daily --max-rank 3'],
    options: [
      ['--list <list>', 'seen on daily, trending or watched:<slug>'],
      ['--from <day>', 'on a list from this day'],
      ['--to <day>', 'on a list to this day'],
      ['--min-upvotes <number>', 'with at least so many upvotes'],
      ['--max-rank <number>', 'with this best rank or a better one'],
      ['--sort <order>', 'relevance, date (of first sight) or upvotes'],
      ['--limit <number>', 'show so many, at most 500 (100)'],
    ],
    load: async () => (await import('./commands/search.ts')).runSearch,
  },
  {
    usage: 'status',
    says: 'How fresh the archive is, what was captured in the last 14 days, sizes, versions.',
    examples: ['status'],
    options: [],
    load: async () => (await import('./commands/status.ts')).runStatus,
  },
  {
    usage: 'doctor',
    says: 'Looks for what is wrong with the set-up (Node, disk, archive, table, feed) and says its mend.',
    examples: ['doctor', 'doctor --aws'],
    options: [['--aws', 'also look at AWS: credentials, region, bootstrap, limits, and what is deployed']],
    load: async () => (await import('./commands/doctor.ts')).runDoctor,
  },
  {
    usage: 'verify',
    says: 'Checks every snapshot (readable, digest right, recorded, row for row) and every row (has its snapshot); names only what is wrong.',
    examples: ['verify', 'verify --from 2025-01-01 --fix'],
    options: [
      ['--from <day>', 'only listDays from this day'],
      ['--to <day>', 'only listDays to this day'],
      ['--fix', 'make the table say what the snapshots say'],
    ],
    load: async () => (await import('./commands/verify.ts')).runVerify,
  },
  {
    usage: 'record [key...]',
    says: 'Reads snapshots (again) into the table; without keys, those that were archived and not recorded.',
    examples: ['record', 'record raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz'],
    options: [],
    load: async () => (await import('./commands/record.ts')).runRecord,
  },
  {
    usage: 'replay',
    says: 'Reads all snapshots again into the table; into an empty table it gives the same table.',
    examples: ['replay', 'replay --list daily --from 2025-01-01 --dry-run'],
    options: [
      ['--list <source>', 'only of this source'],
      ['--from <day>', 'only listDays from this day'],
      ['--to <day>', 'only listDays to this day'],
      ['--dry-run', 'only count'],
    ],
    load: async () => (await import('./commands/replay.ts')).runReplay,
  },
  {
    usage: 'export',
    says: 'Makes files of the archive for other programs: Parquet, CSV, SQLite (opens in Datasette), JSON lines; with schema and digests. All are made anew.',
    examples: [
      'export',
      'export --format parquet,csv --from 2025-01-01 --to 2025-12-31 --out papers',
      'export --release 2025 --to 2025-12-31 --no-abstracts',
    ],
    options: [
      ['--format <formats>', 'some of parquet,csv,sqlite,jsonl (all)'],
      ['--from <day>', 'only list days from this one'],
      ['--to <day>', 'only list days to this one'],
      ['--out <place>', 'a folder, or s3://<bucket>[/<prefix>] (<data>/exports)'],
      ['--no-abstracts', 'leave out abstracts and the summaries of the feed'],
      ['--release <name>', 'freeze the set under releases/<name>, with its coverage and how to cite it'],
    ],
    load: async () => (await import('./commands/export.ts')).runExport,
  },
  {
    usage: 'copy <from> <to>',
    says: 'Copies an archive to another place, same keys and bytes, each snapshot checked. Ended midway, run it again: it goes on.',
    examples: ['copy file:data/archive file:/mnt/backup/paperkeep', 'copy file:data/archive s3://my-bucket'],
    options: [],
    load: async () => (await import('./commands/copy.ts')).runCopy,
  },
  {
    usage: 'deploy',
    says: 'In AWS: creates the deployment, or repairs it, and waits for the first list. Needs a checkout.',
    examples: ['deploy', 'deploy --email you@example.org --region eu-central-1 --yes --bootstrap'],
    options: [
      ['--email <address>', 'address for alarms, where paperkeep.config.ts does not exist yet'],
      ['--region <region>', 'AWS region, where neither paperkeep.config.ts nor the AWS configuration has one'],
      ['--yes', 'deploy without asking'],
      ['--bootstrap', 'bootstrap the account and region for CDK if needed, without asking'],
    ],
    load: async () => (await import('./commands/deploy.ts')).runDeploy,
  },
  {
    usage: 'update',
    says: 'In AWS: shows what this release changes, deploys it, and offers a replay where it parses better. Needs a checkout.',
    examples: ['update', 'update --yes --replay'],
    options: [
      ['--yes', 'deploy without asking'],
      ['--bootstrap', 'bootstrap the account and region for CDK if needed, without asking'],
      ['--replay', 'replay without asking; all snapshots where no parser changed'],
    ],
    load: async () => (await import('./commands/update.ts')).runUpdate,
  },
  {
    usage: 'destroy',
    says: 'In AWS: destroys schedules, functions, site and alarms. Archive and table stay. Needs a checkout.',
    examples: ['destroy', 'destroy --everything --confirm main --copy-to file:/mnt/backup/paperkeep'],
    options: [
      ['--yes', 'destroy without asking'],
      ['--everything', 'also remove the protection of archive and table; deletes neither'],
      ['--confirm <stage>', 'with --everything: the name of the stage, without asking'],
      ['--copy-to <url>', 'with --everything: copy the archive to file:<folder> or s3://<bucket> first'],
    ],
    load: async () => (await import('./commands/destroy.ts')).runDestroy,
  },
  {
    usage: 'redrive',
    says: 'In AWS: puts dead letters back on the queue, and names the runs that were given up.',
    examples: ['redrive --stage main'],
    options: [],
    load: async () => (await import('./commands/redrive.ts')).runRedrive,
  },
  {
    usage: 'pause',
    says: 'In AWS: switches the schedules off. Everything is kept, and the site stays.',
    examples: ['pause --stage main'],
    options: [],
    load: async () => (await import('./commands/pause.ts')).runPause,
  },
  {
    usage: 'resume',
    says: 'In AWS: switches the schedules on again.',
    examples: ['resume --stage main'],
    options: [],
    load: async () => (await import('./commands/resume.ts')).runResume,
  },
];
