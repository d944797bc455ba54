import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { type ColumnType, type TableSchema, tables } from '../../shared/catalog/schema.ts';
import type { Config } from '../config.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { SAVED_QUERIES } from './saved-queries.ts';

/** Bytes that one query may look at: at $5 a TB a twentieth of a cent, and many times all that ten years of Parquet hold. */
const SCAN_AT_MOST = 10_000_000_000;
/** The month of the oldest daily list that the feed has. */
const FIRST_MONTH = '2023-05';

/** How Athena names what a column of the Parquet files holds. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  integer: 'int',
  boolean: 'boolean',
  instant: 'timestamp',
  day: 'date',
  list: 'array<string>',
};

/**
 * For those who outgrow one file: the exported Parquet as tables that Athena asks in SQL, with saved questions to begin with. Months are
 * found by their name (partition projection), so nothing has to crawl. Costs nothing until it is asked: $5 for each TB looked at.
 */
export class Analytics extends Construct {
  constructor(scope: Construct, config: Config, derived: DerivedDataBucket) {
    super(scope, 'Analytics');
    const name = `paperkeep_${config.stage.replaceAll('-', '_')}`;
    const catalogId = Stack.of(this).account;
    const description = `paperkeep ${config.stage}: the nightly export`;
    const database = new CfnDatabase(this, 'Database', { catalogId, databaseInput: { name, description } });
    for (const table of Object.values<TableSchema>(tables)) {
      if (table.where === 'catalog') continue;
      const location = `${derived.exportsUrl}/parquet/${table.name}`;
      const tableInput = tableOf(table, location);
      new CfnTable(this, `Table ${table.name}`, { catalogId, databaseName: name, tableInput }).addResourceDependency(
        database,
      );
    }
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: `paperkeep-${config.stage}`,
      description: 'Questions to the export, each within a bound',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: SCAN_AT_MOST,
        publishCloudWatchMetricsEnabled: false,
        resultConfiguration: {
          outputLocation: derived.answersUrl,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const { title, says, sql } of SAVED_QUERIES) {
      new CfnNamedQuery(this, title, {
        name: title,
        description: says,
        database: name,
        queryString: sql,
        workGroup: workgroup.name,
      }).addResourceDependency(workgroup);
    }
  }
}

function tableOf({ name, description, columns }: TableSchema, location: string): CfnTable.TableInputProperty {
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
        .map(({ name: column, type, description: comment }) => ({ name: column, type: TYPES[type], comment })),
    },
  };
}
