/** The names of changes of a paper, by the field of its content that changed. */
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
