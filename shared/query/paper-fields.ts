/** A paper as the JSON answers have it. */
import { type Day, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import type { PaperContent } from '../model/listing.ts';
import type { PaperKey } from '../table/keys.ts';
import { publicId } from '../table/titles.ts';
import type { ListedPaper } from './list.schema.ts';

/** The numbers of a paper that change. */
export type PaperCounts = Pick<ListedPaper, 'upvotes' | 'comments' | 'githubStars'>;

/** All fields of a content; an unknown one is null. */
export const contentFields = (content: PaperContent) => ({
  title: content.title,
  abstract: content.abstract ?? null,
  authors: content.authors ? [...content.authors] : null,
  githubUrl: content.githubUrl ?? null,
  projectUrl: content.projectUrl ?? null,
  keywords: content.keywords ? [...content.keywords] : null,
  aiSummary: content.aiSummary ?? null,
  organization: content.organization ?? null,
  submittedBy: content.submittedBy ?? null,
  publishedAt: content.publishedAt ?? null,
  listedOn: content.listedOn ?? null,
});

/** The content and the numbers of a paper, in the order of the JSON; `id` is null for a row of copied text. */
export function paperFields(paper: PaperKey, content: PaperContent, votes: PaperCounts) {
  const { title, abstract, authors, ...rest } = contentFields(content);
  return { id: publicId(paper), title, abstract, authors, ...votes, ...rest };
}

/** Addresses of a paper at the feed and at arXiv; null for a row of copied text. */
export function paperLinks(paper: PaperKey) {
  const id = publicId(paper);
  return { url: id && `https://huggingface.co/papers/${id}`, arxivUrl: id && `https://arxiv.org/abs/${id}` };
}

/** Hours from the start of a list day to an instant, to a tenth; null without a list day. */
export const ageInHours = (listedOn: Day | null, at: Instant): number | null =>
  listedOn && Math.round(secondsBetween(startOfDay(listedOn), at) / 360) / 10;
