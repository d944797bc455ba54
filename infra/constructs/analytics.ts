import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { ColumnType, TableSchema } from '../../shared/catalog/columns.ts';
import { tables } from '../../shared/catalog/schema.ts';
import type { Config } from '../config.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { SAVED_QUERIES } from './saved-queries.ts';

/** Bytes that one query may scan: five cents at $5 per TB, and many times the Parquet of ten years. */
const MAX_SCAN_BYTES = 10_000_000_000;
/** The month of the oldest daily list of the feed. */
const FIRST_MONTH = '2023-05';

/** Athena's type for each type of column in the Parquet files. */
const ATHENA_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'boolean',
  instant: 'timestamp',
  day: 'date',
  list: 'array<string>',
};

/**
 * The exported Parquet as tables for Athena, with saved queries as examples. Partition projection finds the months by their names, so no
 * crawler is needed. It costs nothing until a query runs: $5 for each TB scanned.
 */
export class Analytics extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, derived }: { readonly config: Config; readonly derived: DerivedDataBucket },
  ) {
    super(scope, id);
    const databaseName = `paperkeep_${config.stage.replaceAll('-', '_')}`;
    const catalogId = Stack.of(this).account;
    const description = `paperkeep ${config.stage}: the nightly export`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: databaseName, description },
    });
    for (const table of Object.values<TableSchema>(tables)) {
      if (table.where === 'catalog') continue;
      const tableInput = tableInputFor(table, `${derived.exportsUrl}/parquet/${table.name}`);
      new CfnTable(this, table.name, { catalogId, databaseName, tableInput }).addResourceDependency(database);
    }
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: `paperkeep-${config.stage}`,
      description: 'Queries of the export, with a limit on what each may scan',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: MAX_SCAN_BYTES,
        publishCloudWatchMetricsEnabled: false,
        resultConfiguration: {
          outputLocation: derived.queryResultsUrl,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const { id: queryId, title, description: queryDescription, sql } of SAVED_QUERIES) {
      new CfnNamedQuery(this, queryId, {
        name: title,
        description: queryDescription,
        database: databaseName,
        queryString: sql,
        workGroup: workgroup.name,
      }).addResourceDependency(workgroup);
    }
  }
}

function tableInputFor({ name, description, columns }: TableSchema, location: string): CfnTable.TableInputProperty {
  return {
    name,
    description,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [{ name: 'month', type: 'string', comment: 'month of the list day, 2025-01' }],
    parameters: {
      classification: 'parquet',
      'projection.enabled': 'true',
      'projection.month.type': 'date',
      'projection.month.format': 'yyyy-MM',
      'projection.month.interval': '1',
      'projection.month.interval.unit': 'MONTHS',
      'projection.month.range': `${FIRST_MONTH},NOW`,
      'storage.location.template': `${location}/month=\${month}/`,
    },
    storageDescriptor: {
      location: `${location}/`,
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      columns: columns
        .filter(({ internal }) => !internal)
        .map(({ name: column, type, description: comment }) => ({ name: column, type: ATHENA_TYPES[type], comment })),
    },
  };
}
