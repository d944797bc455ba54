import { createFileExportStore, type ProcessInfo } from './files.ts';
import type { ExportStore } from './store.ts';

/** Opens the place that exports are kept in: `s3://<bucket>[/<prefix>]`, else a folder. */
export async function openExportStore(place: string, processes: ProcessInfo): Promise<ExportStore> {
  // loaded when it is asked for: the AWS SDK alone takes longer to load than most local commands to run
  if (place.startsWith('s3://')) return (await import('./s3.ts')).openS3ExportStore(place);
  return createFileExportStore(place, processes);
}
