import { CHANGES } from '../model/change.ts';
import type { Content } from '../model/listing.ts';
import type { PaperLife } from './answers/life.ts';
import type { ContentVersion } from './content.ts';

type Change = PaperLife['changes'][number];

/** What changed in a paper when, told from its versions. */
export const changesOf = (versions: readonly ContentVersion[]): Change[] =>
  versions.flatMap(({ since, changed, content }, at) => {
    const before = versions[at - 1]?.content;
    return before ? changed.map((field) => changeOf(field as keyof Content, before, content, since)) : [];
  });

function changeOf(field: keyof Content, before: Content, after: Content, at: Change['at']): Change {
  const values = { from: shortOf(field, before), to: shortOf(field, after) };
  if (field === 'listedOn') return { at, what: 'moved-day', ...values };
  const verb = isNone(before[field]) ? 'appeared' : isNone(after[field]) ? 'disappeared' : 'changed';
  return { at, what: `${CHANGES[field]}-${verb}`, ...values };
}

const isNone = (value: Content[keyof Content]): boolean => value === null || value === undefined;

/** The value where it is short; abstracts, summaries, authors and keywords are in the versions. */
function shortOf(field: keyof Content, content: Content): string | null {
  if (field === 'organization') return content.organization?.fullname ?? null;
  if (field === 'abstract' || field === 'aiSummary' || field === 'authors' || field === 'keywords') return null;
  return content[field] ?? null;
}
