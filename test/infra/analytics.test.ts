import { afterAll, describe, expect, it } from 'vitest';
import { SAVED_QUERIES } from '../../infra/constructs/saved-queries.ts';
import { CATALOG_KEY, RECENT_KEY, tables } from '../../shared/catalog/schema.ts';
import { allOf, removeOutput, type Statement, statementsOf, type Template, templatesOf } from './stacks.ts';

const { service: plain } = templatesOf();
const { service } = templatesOf({ exports: true, downloads: true, analytics: true, stage: 'a-b' });
const { service: listed } = templatesOf({ exports: true });
afterAll(removeOutput);

const exported = Object.values(tables).filter(({ where }) => where !== 'catalog');
const variablesOf = (template: Template, name: string) =>
  allOf(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.Description === `paperkeep ${name}`,
  )?.[1].Properties.Environment.Variables;
const rightsOf = (template: Template, part: string): Statement[] =>
  allOf(template, 'AWS::IAM::Policy')
    .filter(([id]) => id.includes(part))
    .flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument));
/** The objects that a function may do something with, by the end of their name. */
const objectsOf = (template: Template, part: string, action: string): string[] =>
  rightsOf(template, part)
    .filter(({ actions }) => actions.includes(action))
    .flatMap(({ resources }) =>
      resources.map((one) => /\/[a-z.*/]+"\]\]/.exec(JSON.stringify(one))?.[0].slice(1, -3) ?? ''),
    )
    .sort();

describe('the nightly export', () => {
  it('is created only where it is configured, and is then all that the function may write besides the catalog', () => {
    expect(variablesOf(plain, 'export').PAPERKEEP_EXPORTS).toBeUndefined();
    expect(objectsOf(plain, 'Functionexport', 's3:PutObject')).toEqual([CATALOG_KEY, RECENT_KEY]);
    expect(JSON.stringify(variablesOf(listed, 'export').PAPERKEEP_EXPORTS)).toContain('/exports"');
    expect(objectsOf(listed, 'Functionexport', 's3:PutObject')).toEqual([CATALOG_KEY, 'exports/*', RECENT_KEY]);
    expect(objectsOf(listed, 'Functionexport', 's3:DeleteObject')).toEqual(['exports/*']);
  });

  it('is listed by the site, and may be downloaded only where that is configured too', () => {
    expect(variablesOf(plain, 'query').PAPERKEEP_EXPORTS).toBeUndefined();
    expect(variablesOf(listed, 'query').PAPERKEEP_DOWNLOADS).toBeUndefined();
    const read = (template: Template) => objectsOf(template, 'Functionquery', 's3:GetObject');
    expect(read(listed)).toEqual([CATALOG_KEY, 'exports/manifest.json', 'raw/*', RECENT_KEY]);
    expect(variablesOf(service, 'query').PAPERKEEP_DOWNLOADS).toBe('true');
    expect(read(service)).toEqual([CATALOG_KEY, 'exports/*', 'raw/*', RECENT_KEY]);
  });
});

describe('the tables of Athena', () => {
  const made = allOf(service, 'AWS::Glue::Table').map(([, { Properties }]) => Properties);

  it('exist only where they are configured', () => {
    for (const type of ['AWS::Glue::Database', 'AWS::Glue::Table', 'AWS::Athena::WorkGroup', 'AWS::Athena::NamedQuery'])
      expect(allOf(plain, type)).toEqual([]);
    expect(allOf(service, 'AWS::Glue::Database')[0]?.[1].Properties.DatabaseInput.Name).toBe('paperkeep_a_b');
  });

  it('are those of the export, with its columns and a projection of its months', () => {
    expect(made.map(({ TableInput }) => TableInput.Name)).toEqual(exported.map(({ name }) => name));
    for (const [at, { TableInput }] of made.entries()) {
      const columns = exported[at]?.columns.filter(({ internal }) => !internal) ?? [];
      expect(TableInput.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(
        columns.map(({ name }) => name),
      );
      expect(TableInput.PartitionKeys).toMatchObject([{ Name: 'month', Type: 'string' }]);
      const template = JSON.stringify(TableInput.Parameters['storage.location.template']);
      expect(template).toContain(`/exports/parquet/${TableInput.Name}/month=\${month}/`.replace('\\', ''));
    }
  });

  it('have column types of Athena', () => {
    const types = made.flatMap(({ TableInput }) =>
      TableInput.StorageDescriptor.Columns.map(({ Type }: { Type: string }) => Type),
    );
    expect([...new Set(types)].sort()).toEqual(['array<string>', 'boolean', 'date', 'int', 'string', 'timestamp']);
  });

  it('are queried with a limit on scanned bytes, and results expire after a week', () => {
    const [[, { Properties }] = ['', { Properties: {} }]] = allOf(service, 'AWS::Athena::WorkGroup');
    expect(Properties.WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 10_000_000_000,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
    });
    const [[, bucket] = ['', { Properties: {} }]] = allOf(service, 'AWS::S3::Bucket');
    expect(bucket.Properties.LifecycleConfiguration.Rules).toContainEqual({
      Prefix: 'athena/',
      ExpirationInDays: 7,
      Status: 'Enabled',
    });
  });

  it('have saved queries whose tables and columns exist', () => {
    const saved = allOf(service, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties.QueryString);
    expect(saved.sort()).toEqual(SAVED_QUERIES.map(({ sql }) => sql).sort());
    for (const { sql } of SAVED_QUERIES) {
      const aliases = new Map(
        [...sql.matchAll(/(?:FROM|JOIN) (\w+) (\w)\b/g)].map(([, table, alias]) => [alias, table]),
      );
      const used = [...sql.matchAll(/\b([a-z])\.(\w+)/g)];
      expect(used.length).toBeGreaterThan(5);
      for (const [, alias, column] of used) {
        const table = exported.find(({ name }) => name === aliases.get(alias));
        const columns = table?.columns.filter(({ internal }) => !internal).map(({ name }) => name) ?? [];
        expect(['month', ...columns]).toContain(column);
      }
    }
  });
});
