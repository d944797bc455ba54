import { globSync } from 'node:fs';

/** Every Markdown document of the repository. */
export const documents = [...globSync('*.md'), ...globSync('docs/**/*.md'), ...globSync('.github/**/*.md')].sort();

/** Matches a code block with its language and its text. */
export const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The code blocks of a document, in one language or in any. */
export const codeBlocks = (text: string, language?: string): string[] =>
  [...text.matchAll(FENCE)]
    .filter(([, name]) => language === undefined || name === language)
    .map(([, , code]) => code as string);
