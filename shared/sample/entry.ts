import { addSeconds, type Day, type Instant, startOfDay } from '../lib/time.ts';
import { commentsAt, listDayAt, starsAt, titleAt, upvotesAt } from './growth.ts';
import type { SamplePaper } from './papers.ts';
import { loginFor } from './people.ts';
import { seededHex, seededUnit } from './random.ts';

type Fields = { readonly [field: string]: unknown };

/** An entry of a list in the shape of the 2026 feed, where an unknown value is absent. */
export type FeedEntry = Fields & {
  readonly paper: Fields & {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
  };
};

const withMilliseconds = (at: Instant): string => at.replace('Z', '.000Z');
const midnight = (day: Day): string => withMilliseconds(startOfDay(day));
const avatarFor = (name: string): string => `/avatars/${seededHex(`avatar ${name}`, 32)}.svg`;

const describeUser = (fullname: string) => {
  const login = loginFor(fullname);
  const isPro = seededUnit(`pro ${login}`) < 0.2;
  return {
    _id: seededHex(`user ${login}`, 24),
    avatarUrl: avatarFor(login),
    isPro,
    fullname,
    type: 'user',
    name: login,
  };
};

/** The feed writes an entry's `publishedAt` in New York time: four hours earlier in summer, five in winter. */
const inNewYork = (day: Day): string => {
  const month = Number(day.slice(5, 7));
  return withMilliseconds(addSeconds(startOfDay(day), -3600 * (month > 3 && month < 11 ? 4 : 5)));
};

function describeAuthor(paper: SamplePaper, name: string, place: number): Fields {
  const claimed = seededUnit(`${paper.id} claimed ${place}`) < 0.1 || name === paper.submitted?.fullname;
  const user = describeUser(name);
  return {
    _id: seededHex(`${paper.id} author ${place}`, 24),
    name,
    hidden: false,
    ...(claimed && {
      user: { ...user, user: user.name },
      status: 'claimed_verified',
      statusLastChangedAt: midnight(paper.publishedOn),
    }),
  };
}

/** What never changes about a paper, kept because a paper is written hundreds of times. */
const authorsOfPapers = new WeakMap<SamplePaper, Fields[]>();

/** A paper as an entry of a list at a time. */
export function toFeedEntry(paper: SamplePaper, at: Instant): FeedEntry {
  const { id, submitted, organization, abstract: summary } = paper;
  const authors = authorsOfPapers.get(paper) ?? paper.authors.map((name, place) => describeAuthor(paper, name, place));
  authorsOfPapers.set(paper, authors);
  const title = titleAt(paper, at);
  const listDay = listDayAt(paper, at);
  const stars = starsAt(paper, at);
  const user = submitted && describeUser(submitted.fullname);
  const followerCount = Math.floor(400 * seededUnit(`followers ${submitted?.login}`) ** 4);
  const shared = {
    ...(paper.media && { mediaUrls: paper.media }),
    ...(organization && {
      organization: {
        _id: seededHex(`org ${organization.name}`, 24),
        ...organization,
        avatar: avatarFor(organization.name),
      },
    }),
  };
  return {
    paper: {
      id,
      authors,
      publishedAt: midnight(paper.publishedOn),
      ...(listDay && { submittedOnDailyAt: midnight(listDay) }),
      title,
      ...(user && { submittedOnDailyBy: { ...user, user: user.name } }),
      summary,
      upvotes: upvotesAt(paper, at),
      ...(seededUnit(`${id} discussion`) < 0.91 && { discussionId: seededHex(`${id} discussion`, 24) }),
      ...(paper.projectPage && { projectPage: paper.projectPage }),
      ...(paper.repository && { githubRepo: paper.repository, githubRepoAddedBy: 'user' }),
      ...(paper.aiSummary &&
        at >= paper.aiSummary.at && { ai_summary: paper.aiSummary.text, ai_summary_model: 'example/Summarizer-32B' }),
      ...(paper.keywords && { ai_keywords: paper.keywords }),
      ...(stars !== null && { githubStars: stars }),
      ...shared,
    },
    publishedAt: inNewYork(paper.publishedOn),
    title,
    summary,
    thumbnail: `https://thumbnails.example/papers/${id}.png`,
    numComments: commentsAt(paper, at),
    ...(user && {
      submittedBy: { ...user, isHf: false, isHfAdmin: false, isMod: false, followerCount, isUserFollowing: false },
    }),
    ...shared,
    isAuthorParticipating: submitted !== null && paper.authors.includes(submitted.fullname),
  };
}
