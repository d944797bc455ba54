import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Brought, type Imported, importAll } from '../../shared/import.ts';
import { asDay, asInstant } from '../../shared/kit/clock.ts';
import { messageOf, PaperkeepError, worst } from '../../shared/kit/errors.ts';
import { asSource } from '../../shared/model/target.ts';
import type { ListingItem } from '../../shared/record/listing.ts';
import { record } from '../../shared/record/record.ts';
import type { Snapshot } from '../../shared/snapshot/warc.ts';
import { dayFlag, sourceFlag, timeFlag } from './arguments.ts';
import { catchUp, openHouse, usage } from './context.ts';
import type { CliCommand } from './main.ts';

/** What a folder is searched for. */
const IMPORTABLE = /\.(?:warc|json|html?|txt)(?:\.gz)?$/;

/** `import`: captures that something else took. */
export const importCommand: CliCommand = {
  usage: 'import [path...]',
  says: 'Brings captures that something else took: .warc[.gz], saved .json[.gz] answers, saved .html, copied page .txt.',
  example: 'import --manifest old/index.csv',
  options: [
    ['--manifest <file>', 'CSV with header file,source,target,captured_at; paths relative to it'],
    ['--source <source>', 'of which source a bare file is'],
    ['--target <day>', 'of which list'],
    ['--at <time>', 'when it was captured'],
  ],
  async run(context, [paths], options) {
    const said = {
      source: sourceFlag(options.source),
      target: dayFlag('--target', options.target),
      at: timeFlag('--at', options.at),
    };
    const given = paths as readonly string[];
    if (given.length === 0 && options.manifest === undefined)
      throw usage('nothing to import', 'name a file, a folder or --manifest FILE');
    const files = [
      ...(options.manifest === undefined ? [] : await manifestFiles(String(options.manifest))),
      ...(await Promise.all(given.map((path) => filesAt(path))))
        .flat()
        .map((path): Brought => ({ name: path, ...said, read: () => readFile(path) })),
    ];
    const house = await openHouse(context);
    const progress = context.progress('files');
    try {
      const caughtUp = await catchUp(house, context.log);
      const deps = {
        snapshots: house.snapshots,
        watched: context.settings.watch,
        record: async (snapshot: Snapshot) => {
          const [listing] = await record(house.reread, snapshot.capture, [snapshot]);
          return listing as ListingItem;
        },
      };
      const imported: Imported[] = [];
      const done = new Set<string>();
      for await (const one of importAll(deps, files)) {
        imported.push(one);
        if (one.exit !== 0) context.log.warn(`${one.file}: ${one.why || one.outcome}`);
        progress.step(done.add(one.file).size, files.length);
      }
      progress.stop();
      const count = (test: (one: Imported) => boolean) => imported.filter(test).length;
      const summary = {
        files: files.length,
        stored: count(({ stored }) => stored === 'stored'),
        known: count(({ stored }) => stored === 'there already'),
        unreadable: count(({ exit }) => exit !== 0),
      };
      context.say(
        { ...summary, captures: imported },
        `${summary.files} files: ${summary.stored} captures stored, ${summary.known} there already, ${summary.unreadable} unreadable`,
      );
      return worst([caughtUp, ...imported.map(({ exit }) => exit)]);
    } finally {
      progress.stop();
      await house.close();
    }
  },
};

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw usage(`${path} cannot be opened: ${messageOf(error)}`, 'name a file or a folder that is there');
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => IMPORTABLE.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function manifestFiles(manifest: string): Promise<Brought[]> {
  const text = await readFile(manifest, 'utf8').catch((error: unknown) => {
    throw usage(`the manifest ${manifest} cannot be read: ${messageOf(error)}`, 'name a CSV file that is there');
  });
  const [header = [], ...rows] = readRows(manifest, text);
  const column = (name: string) => {
    const at = header.indexOf(name);
    if (at < 0)
      throw usage(
        `the manifest ${manifest} has no column ${name}`,
        'give it the header file,source,target,captured_at',
      );
    return at;
  };
  const [file, source, target, at] = [column('file'), column('source'), column('target'), column('captured_at')];
  const folder = dirname(resolve(manifest));
  return rows.map((row, line): Brought => {
    const name = row[file] ?? '';
    const facts = {
      source: asSource(row[source] ?? ''),
      target: asDay(row[target] ?? ''),
      at: asInstant(row[at] ?? ''),
    };
    return {
      name,
      ...facts,
      read: async () => {
        const wrong = Object.entries(facts).find(([, value]) => value === null)?.[0];
        if (wrong)
          throw new PaperkeepError(
            'MANIFEST_LINE',
            `line ${line + 2} of ${manifest} has no readable ${wrong}`,
            'correct it',
            4,
          );
        return readFile(resolve(folder, name));
      },
    };
  });
}

function readRows(manifest: string, text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true });
  } catch (error) {
    throw usage(`the manifest ${manifest} is no CSV: ${messageOf(error)}`, 'correct the line it names');
  }
}
