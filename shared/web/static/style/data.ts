/** Tables, versions, the calendar, code and the documentation of the API; what is printed. */
export const dataStyle = `.rise + .scroll, .quiet + .scroll { margin-top: 1.6rem; }
.scroll { position: relative; overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; }
.scroll table { width: 100%; }
.scroll :is(th, td) { text-align: left; padding: 0.5rem 1.1rem 0.5rem 0; border-bottom: var(--rule); white-space: nowrap; vertical-align: baseline; }
.scroll thead th { color: var(--soft); font-weight: 600; font-size: 0.85rem; vertical-align: bottom; }
.scroll th[scope="row"] { font-weight: 400; }
/* a long name leaves room for the numbers */
.scroll th a { display: block; width: max-content; max-width: max(15rem, 30vw); white-space: normal; }
.scroll .number { text-align: right; }
.scroll :is(th, td):last-child { padding-right: 0; }
.under { display: block; font-weight: 400; }
.outcome::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; border-radius: 50%; margin-right: 0.45em; background: var(--up); }
.outcome.bad::before { background: var(--down); border-radius: 0; transform: rotate(45deg); }
.outcome.bad { color: var(--down); }

.versions { border-left: 2px solid var(--line); padding-left: 1.1rem; gap: 1rem; }
.versions ul { gap: 0.3rem; }
.change { overflow-wrap: anywhere; }
.change .field { color: var(--soft); }
.change .field::after { content: ":"; margin-right: 0.3em; }
.was { color: var(--soft); text-decoration: line-through; text-decoration-color: var(--down); }
.was::after { content: " "; }
.change .became { display: block; padding-left: 0.7rem; border-left: 2px solid var(--up); }

.legend { display: flex; flex-wrap: wrap; gap: 0.5rem 1.4rem; padding-bottom: 1.6rem; font-size: 0.9rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.legend .sign { width: 2rem; height: 1.8rem; flex: none; }
.sign { display: flex; align-items: center; justify-content: center; border-radius: 4px; font-weight: 600; font-size: 0.92rem; border: 1px solid transparent; text-decoration: none; line-height: 1; }
.sign.captured { background: var(--captured); color: var(--captured-ink); }
.sign.partial { background: var(--partial); color: var(--partial-ink); border-color: currentColor; }
.sign.empty { background: var(--empty); color: var(--empty-ink); }
.sign.failed { background: var(--failed); color: var(--failed-ink); border-color: currentColor; }
.sign.missing { color: var(--missing-ink); border: 1px dashed currentColor; }
.months { display: grid; gap: 2rem 2.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); }
.month { width: 100%; table-layout: fixed; border-spacing: 3px; border-collapse: separate; align-self: start; }
.month caption { text-align: left; font: 600 1.15rem/1.4 var(--serif); padding: 0 3px 0.3rem; }
.month th { font-weight: 400; color: var(--soft); font-size: 0.8rem; padding: 0.1rem; }
.month td { padding: 0; }
.month .sign { position: relative; height: 3.5rem; padding-top: 0.2rem; }
.month .outlook { position: absolute; bottom: 0.3rem; left: 0; right: 0; text-align: center; font-size: 0.7rem; font-weight: 400; white-space: nowrap; }
.legend .outlook { font-weight: 600; color: var(--ink); white-space: nowrap; }
.legend + .legend { margin-top: -1rem; }
.month .date { position: absolute; top: 0.3rem; left: 0.35rem; font-size: 0.72rem; font-weight: 400; }
.month a.sign:hover { outline: 2px solid currentColor; outline-offset: -1px; }
.year { padding-bottom: 1.8rem; }
.year svg { display: block; width: 100%; max-width: 62rem; }
.year [data-monday] { cursor: pointer; }
/* below the weeks of the month */
.year .steps { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 0; max-width: 62rem; font-size: clamp(0.7rem, 2vw, 0.9rem); }
.square { width: 1rem; height: 1rem; flex: none; }
:is(.year svg, .square) path { stroke-width: 0.8; stroke: var(--up); }
:is(.year svg, .square) .c1 { stroke-opacity: 0.4; }
:is(.year svg, .square) .c2 { stroke-opacity: 0.6; }
:is(.year svg, .square) .c3 { stroke-opacity: 0.8; }
:is(.year svg, .square) .partial { stroke: var(--line-7); }
:is(.year svg, .square) .empty { stroke: var(--soft); stroke-opacity: 0.45; }
:is(.year svg, .square) .failed { stroke: var(--down); }
:is(.year svg, .square) .missing { stroke: var(--line); }
.snippets { padding-top: 1.4rem; }
pre { margin: 0.2rem 0 0.9rem; padding: 0.7rem 4.4rem 0.7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--wash); border-radius: 6px; }
/* on the code, so that nothing moves when the script adds it */
pre + button { display: block; position: relative; top: -0.6rem; height: 1.8rem; min-height: 0; padding-block: 0; font-size: 0.85rem; margin: -2.7rem 0.4rem 0.9rem auto; }
.wide { margin: 2rem 0 1rem; }
.head + .wide { margin-top: 0; }
.errors { display: grid; gap: 0.4rem; margin-bottom: 1.4rem; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #5d2507; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, form:not(.panels), .tools, .narrow, section:has(> .sorts), .formats, .skip, .save, .replay, label, button, .compare, #days, .strip, .filters, details:not([open]) { display: none !important; }
  .paper, figure { break-inside: avoid; }
  /* a page has no scroll bar */
  .scroll :is(th, td, time) { white-space: normal; }
}

.operation { gap: 0.5rem; padding: 1.1rem 0; border-top: var(--rule); }
.operation > p, .prose > * { max-width: 44rem; }
.prose { display: grid; gap: 0.7rem; padding-bottom: 1.6rem; }
section > h2:has(+ .operation) { padding: 1.4rem 0 0.6rem; }`;
