/** What may change in a paper: what it is called here, and the field of its versions. */
export const CHANGE_NAMES = {
  title: 'title',
  abstract: 'abstract',
  authors: 'authors',
  githubUrl: 'code-link',
  projectUrl: 'project-page',
  keywords: 'keywords',
  aiSummary: 'ai-summary',
  organization: 'organization',
  submittedBy: 'submitter',
  publishedAt: 'publication-date',
} as const;
