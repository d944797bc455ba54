import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from '../lib/folders.ts';
import type { MailTransport } from './transport.ts';

/** Opens a folder that gets a file `<period>-<subscriber>.eml` for each message. A file that exists is left as it is. */
export async function openOutbox(folder: string): Promise<MailTransport> {
  createFolder(folder);
  return {
    async send({ name, raw }) {
      const message = join(folder, `${name}.eml`);
      if (existsSync(message)) return;
      // renamed into place, so that a reader never finds half of it
      const written = join(folder, `.${name}.${process.pid}`);
      await writeFile(written, raw);
      await rename(written, message);
    },
    close() {},
  };
}
