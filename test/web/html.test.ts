import { describe, expect, it } from 'vitest';
import { anArchive, papers, refused, seen } from '../query/archive.ts';
import { day } from '../support/build.ts';
import { everyKindOfPage, findInvalidHtml, findInvalidPages, validatorMissing } from '../support/html.ts';
import { pages } from './pages/pages.ts';
import { siteOver } from './site.ts';

const HOSTILE = '</title></script><img src=x onerror=alert(1)><script>alert(2)</script> & "quotes" \'here\' &amp; <!--';
const SUBJECTS = {
  day: '2025-01-20',
  id: '2501.00001',
  author: 'ada-example',
  organization: 'acme',
  keyword: 'tables',
  watched: 'tea',
  capture: 'daily/2025-01-20/20250120T060000Z',
};

const hostilePapers = papers(
  [
    1,
    9,
    {
      title: HOSTILE,
      abstract: `${HOSTILE} $\\frac{<b>}{"}$ https://example.org/"onmouseover="alert(3)`,
      authors: [HOSTILE, 'Ada Example'],
      keywords: [HOSTILE, 'tables'],
      aiSummary: HOSTILE,
      organization: { name: 'acme', fullname: HOSTILE },
      submittedBy: HOSTILE,
      githubUrl: 'javascript:alert(4)',
      projectUrl: 'https://example.org/?"><script>',
      listedOn: day('2025-01-20'),
    },
  ],
  [2, 4, { title: 'نماذج اللغة الكبيرة', authors: Array.from({ length: 664 }, (_, n) => `Author Number${n}`) }],
  [3, 1, { title: '', abstract: '', authors: [], keywords: null, organization: null }],
  [4, 0, { title: 'Long '.repeat(60), keywords: ['long '.repeat(20), '&', '"'] }],
  ...Array.from({ length: 10 }, (_, n) => [20 + n, 1, { title: `${HOSTILE} ${n}` }] as const),
);

const skipped = validatorMissing === null ? '' : ` (skipped: ${validatorMissing})`;

describe.skipIf(skipped !== '')(`The HTML of every kind of page is valid${skipped}`, { timeout: 120_000 }, () => {
  it('when it is drawn from made-up answers', async () => {
    const invalid: Record<string, string[]> = {};
    for (const [path, page] of Object.entries(pages)) {
      const problems = await findInvalidHtml(page);
      if (problems.length > 0) invalid[path] = problems;
    }
    expect(invalid).toEqual({});
  });

  it('when titles, names and addresses hold HTML', async () => {
    const captures = ['2025-01-18', '2025-01-20'].flatMap((on) =>
      ['daily', 'trending', 'watched:tea'].flatMap((list) =>
        ['06', '09'].map((hour) => seen(`${list} ${on}`, `${on}T${hour}:00:00Z`, hostilePapers)),
      ),
    );
    const archive = await anArchive([...captures, refused('daily 2025-01-19', '2025-01-19T06:00:00Z')]);
    expect(await findInvalidPages(siteOver(archive), everyKindOfPage(SUBJECTS))).toEqual({});
  });

  it.each([
    ['of an archive that is empty', false],
    ['of a first start', true],
  ])('when it is that %s', async (_, collects) => {
    const archive = { ...(await anArchive([])), collects };
    expect(await findInvalidPages(siteOver(archive), everyKindOfPage(SUBJECTS))).toEqual({});
  });
});
