import { createFileExportStore, type ProcessInfo } from './files.ts';
import type { ExportStore } from './store.ts';

/** Opens a store of exports: `s3://<bucket>[/<prefix>]`, or a folder. */
export async function openExportStore(place: string, processes: ProcessInfo): Promise<ExportStore> {
  // the AWS SDK alone takes longer to load than most local commands take to run
  if (place.startsWith('s3://')) return (await import('./s3.ts')).openS3ExportStore(place);
  return createFileExportStore(place, processes);
}
