import { countInFull, describeLeft, type MessageModel, type PaperEntry } from './message.ts';

const REPEATED = ' [possibly repeated]';

const inFull = ({ title, url, byline, summary, numbers, why, links, possiblyRepeated }: PaperEntry): string =>
  [
    `${title}${possiblyRepeated ? REPEATED : ''}`,
    byline,
    numbers,
    `Why: ${why}`,
    summary,
    url,
    ...links.map(([name, to]) => `${name}: ${to}`),
  ]
    .filter((line) => line !== '')
    .join('\n');

const inShort = ({ title, url, numbers, why, possiblyRepeated }: PaperEntry): string =>
  `- ${title}${possiblyRepeated ? REPEATED : ''} (${numbers.split(' · ')[0]}; ${why})\n  ${url}`;

/** Renders a message as plain text. */
export function renderText({ heading, intro, papers, left, site, manage, follows }: MessageModel): string {
  const short = papers.slice(countInFull(papers)).map(inShort).join('\n');
  return [
    heading,
    ...intro,
    ...papers.slice(0, countInFull(papers)).map(inFull),
    ...(short === '' ? [] : [short]),
    ...(left > 0 ? [describeLeft(left)] : []),
    `--\nYou follow ${follows} on ${site}\nChange or end this subscription: ${manage}\n`,
  ].join('\n\n');
}
