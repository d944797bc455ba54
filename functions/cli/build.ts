/** `npm run build`: bundles the CLI into dist/, a package without dependencies that `npm pack ./dist` makes a tarball of. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const out = process.argv[2] ?? join(root, 'dist');

type Manifest = { readonly name: string; readonly version: string; readonly license?: string };
const readManifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = readManifest(root) as Manifest & Readonly<Record<string, unknown>>;

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { paperkeep: 'functions/cli/bin.ts', 'catalog-worker': 'functions/cli/catalog-worker.ts' },
  outdir: out,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.16',
  // ES modules where a package has both kinds: only what is used of them is bundled
  mainFields: ['module', 'main'],
  alias: { '@modelcontextprotocol/server/_shims': './functions/cli/mcp-shims.ts' },
  define: { PAPERKEEP_VERSION: JSON.stringify(manifest.version) },
  // some of what is bundled is CommonJS and requires modules of Node
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module';const require = $createRequire(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
});

const bin = join(out, 'paperkeep.js');
writeFileSync(bin, `#!/usr/bin/env node\n${readFileSync(bin, 'utf8')}`, { mode: 0o755 });

const { name, version, description, keywords, license, homepage, repository, bugs } = manifest;
const published = {
  name,
  version,
  description,
  keywords,
  license,
  homepage,
  // npm refuses a package whose provenance names another repository
  repository,
  bugs,
  type: 'module',
  bin: { paperkeep: 'paperkeep.js' },
  engines: { node: '^22.16 || >=24' },
};
writeFileSync(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
for (const file of ['README.md', 'LICENSE']) copyFileSync(join(root, file), join(out, file));

/** The folder of the package that a bundled file belongs to; null for one of ours. */
const packageOf = (file: string): string | null =>
  /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1] ?? null;

/** Packages by the text of their licence, which many share. */
const byText = new Map<string, string[]>();
const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []));
for (const folder of [...packages].sort()) {
  const path = join(root, folder);
  const { name, version, license = 'see its text' } = readManifest(path);
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `Licence: ${license}`;
  byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
}
const licences = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
writeFileSync(join(out, 'THIRD-PARTY-LICENCES.txt'), licences.join(`\n${'-'.repeat(72)}\n\n`));
if (!existsSync(join(out, 'catalog-worker.js'))) throw new Error(`${dirname(bin)} lacks the worker thread`);
