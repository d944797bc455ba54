import { html } from 'hono/html';
import { countInFull, describeLeft, type MessageModel, type PaperEntry } from './message.ts';

type Markup = ReturnType<typeof html>;

const FONT = 'font-family:Helvetica,Arial,sans-serif';
const REPEATED = html` <b>[possibly repeated]</b>`;

/** Dark colours, for programs that read a style sheet; the others show the light ones, which each element has itself. */
const DARK = `@media (prefers-color-scheme:dark){
body,.p{background:#16181d!important}
.t,.t a{color:#f2f2f2!important}
.q{color:#b4bac4!important}
.q a,.l a{color:#8ab4f8!important}
.r{border-color:#3a3f48!important}
}`;

const inFull = ({ title, url, byline, summary, numbers, why, links, possiblyRepeated }: PaperEntry): Markup =>
  html`<tr><td class="r" style="padding:14px 0;border-top:1px solid #d9dce1">
<div class="t" style="font-size:17px;line-height:23px;font-weight:bold;color:#1a1c20"><a href="${url}" style="color:#1a1c20;text-decoration:none">${title}</a>${possiblyRepeated ? REPEATED : ''}</div>
<div class="q" style="font-size:14px;line-height:20px;color:#555b66">${byline}</div>
<div class="t" style="font-size:14px;line-height:20px;color:#1a1c20">${numbers}</div>
<div class="q" style="font-size:14px;line-height:20px;color:#555b66">Why: ${why}</div>
${summary === '' ? '' : html`<div class="t" style="font-size:14px;line-height:20px;color:#1a1c20">${summary}</div>`}
<div class="l" style="font-size:14px;line-height:20px">${links.map(([name, to]) => html`<a href="${to}" style="color:#1a56b0">${name}</a> &nbsp; `)}</div>
</td></tr>
`;

const inShort = ({ title, url, numbers, why, possiblyRepeated }: PaperEntry): Markup =>
  html`<a href="${url}">${title}</a>${possiblyRepeated ? REPEATED : ''} ${numbers.split(' · ')[0]}; ${why}<br>
`;

/** The papers that take one line each; empty without papers. */
const renderShort = (papers: readonly PaperEntry[]): Markup =>
  papers.length === 0
    ? html``
    : html`<tr><td class="r q" style="padding:10px 0;border-top:1px solid #d9dce1;color:#555b66">
${papers.map(inShort)}</td></tr>
`;

/** Renders a message as HTML: tables with styles on each element, no pictures, readable at the width of a phone. */
export const renderHtml = ({ subject, heading, intro, papers, left, site, manage, follows }: MessageModel): string =>
  String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${subject}</title><style>${DARK}</style></head>
<body class="p" style="margin:0;padding:0;background:#ffffff">
<table class="p" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#ffffff"><tr><td align="center" style="padding:16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;table-layout:fixed;word-break:break-word;${FONT};font-size:14px;line-height:20px;text-align:left">
<tr><td class="t" style="padding:0 0 12px;color:#1a1c20"><h1 style="margin:0;font-size:22px;line-height:28px">${heading}</h1></td></tr>
${intro.map((line) => html`<tr><td class="q" style="padding:0 0 8px;color:#555b66">${line}</td></tr>\n`)}${papers.slice(0, countInFull(papers)).map(inFull)}${renderShort(papers.slice(countInFull(papers)))}${left > 0 ? html`<tr><td class="t" style="padding:12px 0;color:#1a1c20">${describeLeft(left)}</td></tr>` : ''}
<tr><td class="r q" style="padding:14px 0;border-top:1px solid #d9dce1;color:#555b66">You follow ${follows} on <a href="${site}" style="color:#1a56b0">paperkeep</a>. <a href="${manage}" style="color:#1a56b0">Change or end this subscription</a></td></tr>
</table></td></tr></table>
</body></html>
`);
