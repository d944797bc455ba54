import { lazyAsync } from '../../shared/lib/lazy.ts';
import { routes } from '../../shared/web/routes.ts';
import { type Asked, patternOf } from '../web/site.ts';
import { npmHome } from './packages.ts';

const HTML_VALIDATE = npmHome('html-validate', '11.21.1');
/** Why the validator of HTML cannot be had; null where it can. */
export const validatorMissing = await HTML_VALIDATE.install();

type Message = { readonly ruleId: string; readonly message: string; readonly line: number };
type Validator = {
  validateString(page: string): Promise<{ readonly results: readonly { readonly messages: readonly Message[] }[] }>;
};

/** The HTML standard and what html-validate recommends, but for a few rules. */
const CONFIG = {
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    // several checkboxes of one name are one choice of several
    'form-dup-name': ['error', { shared: ['radio', 'button', 'reset', 'submit', 'checkbox'] }],
    // the title of a paper is as long as its authors made it
    'long-title': 'off',
    // a button in a form is meant to submit it, which is the default
    'no-implicit-button-type': 'off',
    // templates leave blanks, which mean nothing
    'no-trailing-whitespace': 'off',
    // Enter sends the search box of the header; a button would be one more stop before the first paper
    'wcag/h32': 'off',
  },
};

const openValidator = lazyAsync(async () => {
  const { HtmlValidate } = await HTML_VALIDATE.load<{ HtmlValidate: new (config: object) => Validator }>();
  return new HtmlValidate(CONFIG);
});

/** What is wrong with the HTML of a page, each with the line it is about. */
export async function findInvalidHtml(page: string): Promise<string[]> {
  const { results } = await (await openValidator()).validateString(page);
  const lines = page.split('\n');
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId}: ${message}: ${lines[line - 1]?.trim().slice(0, 200)}`),
  );
}

/** What is wrong with the pages of a site, by path; those of a path that answers with something else than a page are named too. */
export async function findInvalidPages(ask: Asked, paths: readonly string[]): Promise<Record<string, string[]>> {
  const invalid: Record<string, string[]> = {};
  for (const path of paths) {
    const answer = await ask(path, { headers: { accept: 'text/html' } });
    const type = answer.headers.get('content-type') ?? 'no type';
    const problems = type.startsWith('text/html') ? await findInvalidHtml(await answer.text()) : [type];
    if (problems.length > 0) invalid[path] = problems;
  }
  return invalid;
}

/** What an archive has, for the paths of its pages. */
type Subjects = {
  readonly day: string;
  readonly id: string;
  readonly author: string;
  readonly organization: string;
  readonly keyword: string;
  readonly watched: string;
  readonly capture: string;
};

/** A path for every kind of page, those of errors too. */
export function everyKindOfPage({ day, id, watched, capture, ...names }: Subjects): string[] {
  const [year, month] = [day.slice(0, 4), day.slice(0, 7)];
  const paths = [
    ...['/', '/daily', `/daily/${day}`, `/daily?at=${day}T09:00:00Z`, '/daily/1999-01-01', '/daily/9999-01-01'],
    ...['/trending', `/trending/${day}`, '/watched', `/watched/${watched}`, `/watched/${watched}/${day}`],
    ...['', '/history', '/similar'].map((part) => `/papers/${id}${part}`),
    ...['/movers', '/movers?list=daily', '/movers?sort=stars', '/new', '/expected', '/digests', `/digests/${day}`],
    ...['/search', '/search?q=a*', '/search?q=%3Cscript%3E', '/search?code=true&sort=upvotes'],
    ...['/top', '/top?by=expected', '/top/week/2025-W03', `/top/month/${month}`, `/top/year/${year}`],
    ...[
      '/topics',
      '/topics?sort=rising',
      '/topics?q=a',
      `/topics/${names.keyword}`,
      `/compare?topics=${names.keyword},%22made+up%22`,
    ],
    ...(['author', 'organization', 'keyword'] as const).flatMap((kind) => [
      `/${kind}s`,
      `/${kind}s?q=a`,
      `/${kind}s/${names[kind]}`,
    ]),
    ...[
      '/coverage',
      '/coverage?list=trending',
      `/coverage?from=${day}&to=${day}`,
      `/coverage?from=2020-01-01&to=${day}`,
    ],
    ...['/captures', '/captures?list=daily', `/captures/${capture}`, '/exports', '/-/health', '/-/versions', '/docs'],
    ...['/subscriptions/none', '/nowhere', '/papers/9912.99999', '/daily?at=never', '/captures?from=never'],
  ];
  const kinds = routes.filter(({ formats }) => formats.includes('html')).map(({ question }) => question.path);
  const missing = kinds.filter((kind) => !paths.some((path) => patternOf(kind).test(path.replace(/\?.*/, ''))));
  if (missing.length > 0) throw new Error(`no page is of the kind ${missing.join(', ')}`);
  return paths;
}
