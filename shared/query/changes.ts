import { CHANGE_NAMES } from '../model/changes.ts';
import type { ContentVersion } from '../model/content.ts';
import type { PaperContent } from '../model/listing.ts';
import type { Milestones } from './schemas/milestones.ts';

type Change = Milestones['changes'][number];

/** What changed in a paper when, told from its versions. */
export const listChanges = (versions: readonly ContentVersion[]): Change[] =>
  versions.flatMap(({ since, changed, content }, at) => {
    const before = versions[at - 1]?.content;
    return before ? changed.map((field) => changeOf(field as keyof PaperContent, before, content, since)) : [];
  });

function changeOf(field: keyof PaperContent, before: PaperContent, after: PaperContent, at: Change['at']): Change {
  const values = { from: shortOf(field, before), to: shortOf(field, after) };
  if (field === 'listedOn') return { at, what: 'moved-day', ...values };
  const verb = isNone(before[field]) ? 'appeared' : isNone(after[field]) ? 'disappeared' : 'changed';
  return { at, what: `${CHANGE_NAMES[field]}-${verb}`, ...values };
}

const isNone = (value: PaperContent[keyof PaperContent]): boolean => value === null || value === undefined;

/** The value where it is short; abstracts, summaries, authors and keywords are in the versions. */
function shortOf(field: keyof PaperContent, content: PaperContent): string | null {
  if (field === 'organization') return content.organization?.fullname ?? null;
  if (field === 'abstract' || field === 'aiSummary' || field === 'authors' || field === 'keywords') return null;
  return content[field] ?? null;
}
