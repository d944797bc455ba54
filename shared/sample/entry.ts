import { addSeconds, type Day, type Instant, startOfDay } from '../lib/time.ts';
import { commentsAt, listDayAt, starsAt, titleAt, upvotesAt } from './growth.ts';
import type { SamplePaper } from './papers.ts';
import { seededHex, seededUnit } from './random.ts';

/** An entry of a list as the feed writes it in 2026. What is not known is absent, never null. */
export type FeedEntry = {
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
  } & Fields;
  readonly title: string;
  readonly summary: string;
} & Fields;

type Fields = { readonly [field: string]: unknown };

const withMilliseconds = (at: Instant): string => at.replace('Z', '.000Z');
const midnight = (day: Day): string => withMilliseconds(startOfDay(day));
const avatarOf = (name: string): string => `/avatars/${seededHex(`avatar ${name}`, 32)}.svg`;

/** The feed writes `publishedAt` of an entry as New York's time of the paper's: four hours earlier in summer, five in winter (whole months here). */
const newYork = (day: Day): string => {
  const month = Number(day.slice(5, 7));
  return withMilliseconds(addSeconds(startOfDay(day), -3600 * (month > 3 && month < 11 ? 4 : 5)));
};

const authorOf = (paper: SamplePaper, name: string, place: number): Fields => {
  const known = seededUnit(`${paper.id} known ${place}`) < 0.1 || name === paper.submitted?.fullname;
  const login = name === paper.submitted?.fullname ? paper.submitted.login : `member-${seededHex(name, 6)}`;
  return {
    _id: seededHex(`${paper.id} author ${place}`, 24),
    ...(known && {
      user: {
        _id: seededHex(`user ${login}`, 24),
        avatarUrl: avatarOf(login),
        isPro: false,
        fullname: name,
        user: login,
        type: 'user',
        name: login,
      },
    }),
    name,
    ...(known && { status: 'claimed_verified', statusLastChangedAt: midnight(paper.publishedOn) }),
    hidden: false,
  };
};

const authorsBefore = new WeakMap<SamplePaper, Fields[]>();

/** The authors of a paper as the feed writes them. They never change, and a paper is written hundreds of times. */
function authorsOf(paper: SamplePaper): Fields[] {
  const authors = authorsBefore.get(paper) ?? paper.authors.map((name, place) => authorOf(paper, name, place));
  authorsBefore.set(paper, authors);
  return authors;
}

/** A paper as an entry of a list at a time. */
export function toFeedEntry(paper: SamplePaper, at: Instant): FeedEntry {
  const { submitted, organization, id } = paper;
  const title = titleAt(paper, at);
  const listDay = listDayAt(paper, at);
  const stars = starsAt(paper, at);
  const org = organization && {
    _id: seededHex(`org ${organization.name}`, 24),
    ...organization,
    avatar: avatarOf(organization.name),
  };
  const person = submitted && {
    _id: seededHex(`user ${submitted.login}`, 24),
    avatarUrl: avatarOf(submitted.login),
    fullname: submitted.fullname,
    type: 'user',
    isPro: seededUnit(`pro ${submitted.login}`) < 0.2,
  };
  const summarized = paper.aiSummary && at >= paper.aiSummary.at;
  return {
    paper: {
      id,
      authors: authorsOf(paper),
      ...(paper.media && { mediaUrls: paper.media }),
      publishedAt: midnight(paper.publishedOn),
      ...(listDay && { submittedOnDailyAt: midnight(listDay) }),
      title,
      ...(submitted && person && { submittedOnDailyBy: { ...person, user: submitted.login, name: submitted.login } }),
      summary: paper.abstract,
      upvotes: upvotesAt(paper, at),
      ...(seededUnit(`${id} discussion`) < 0.91 && { discussionId: seededHex(`${id} discussion`, 24) }),
      ...(paper.projectPage && { projectPage: paper.projectPage }),
      ...(paper.repository && { githubRepo: paper.repository, githubRepoAddedBy: 'user' }),
      ...(summarized && { ai_summary: paper.aiSummary?.text, ai_summary_model: 'example/Summarizer-32B' }),
      ...(paper.keywords && { ai_keywords: paper.keywords }),
      ...(stars !== null && { githubStars: stars }),
      ...(org && { organization: org }),
    },
    publishedAt: newYork(paper.publishedOn),
    title,
    summary: paper.abstract,
    ...(paper.media && { mediaUrls: paper.media }),
    thumbnail: `https://thumbnails.example/papers/${id}.png`,
    numComments: commentsAt(paper, at),
    ...(submitted &&
      person && {
        submittedBy: {
          ...person,
          name: submitted.login,
          isHf: false,
          isHfAdmin: false,
          isMod: false,
          followerCount: Math.floor(400 * seededUnit(`followers ${submitted.login}`) ** 4),
          isUserFollowing: false,
        },
      }),
    ...(org && { organization: org }),
    isAuthorParticipating: submitted !== null && paper.authors.includes(submitted.fullname),
  };
}
