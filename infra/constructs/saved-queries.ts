/** A saved query of Athena. */
type SavedQuery = { readonly id: string; readonly title: string; readonly description: string; readonly sql: string };

/** The saved queries of Athena; test/infra/analytics.test.ts compares their columns with the tables. */
export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    id: 'TopOfMonth',
    title: 'Top of a month',
    description: 'The 50 most upvoted papers of the daily lists of a month.',
    sql: `SELECT a.day, p.id, p.title, a.peak_upvotes, a.best_rank
FROM appearances a
JOIN papers p ON p.id = a.paper_id
WHERE a.month = '2026-10' AND a.list = 'daily'
ORDER BY a.peak_upvotes DESC NULLS LAST, p.id
LIMIT 50`,
  },
  {
    id: 'KeywordShare',
    title: 'Share of a keyword per month',
    description: 'The share of papers with a keyword among those whose keywords are known, by month.',
    sql: `SELECT p.month,
  count_if(p.keywords IS NOT NULL) AS known,
  count(k.paper_id) AS having_it,
  CAST(count(k.paper_id) AS double) / nullif(count_if(p.keywords IS NOT NULL), 0) AS share
FROM papers p
LEFT JOIN paper_keywords k ON k.paper_id = p.id AND k.slug = 'agents'
WHERE p.listed_on IS NOT NULL
GROUP BY p.month
ORDER BY p.month`,
  },
  {
    id: 'VotesAtDayAndWeek',
    title: 'Votes after a day and after a week',
    description: 'How upvotes after 24 hours correlate with those after 168 hours, by month.',
    sql: `SELECT a.month,
  count(*) AS papers,
  approx_percentile(a.upvotes, 0.5) AS median_24h,
  approx_percentile(b.upvotes, 0.5) AS median_168h,
  corr(a.upvotes, b.upvotes) AS correlation
FROM votes_at_age a
JOIN votes_at_age b ON b.paper_id = a.paper_id AND b.list = a.list AND b.listed_on = a.listed_on
WHERE a.list = 'daily' AND a.age_hours = 24 AND b.age_hours = 168
  AND a.upvotes IS NOT NULL AND b.upvotes IS NOT NULL
GROUP BY a.month
ORDER BY a.month`,
  },
];
