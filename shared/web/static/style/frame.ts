/** Colours, type, header and footer, forms and what is above a list. */
export const frameStyle = `:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --ink: #1e1c19; --soft: #625c53; --line: #e3ded3; --accent: #8c3a12; --wash: #f2eee5;
  --up: #1d6a3a; --down: #a02c2c; --bar-now: #dfa27c; --bar-before: #8c3a12;
  --sample: #6b3a00; --sample-wash: #fdeccb;
  --captured: #dcebdc; --captured-ink: #1c4a2c; --partial: #f6e5bd; --partial-ink: #5f4300; --empty: #ebe7dd; --empty-ink: #595349;
  --failed: #f6d8d3; --failed-ink: #7d1f1a; --missing-ink: #6a4a4a;
  --line-3: #1f5f8b; --line-4: #7b3f8c; --line-7: #8a6a00;
  --rule: 1px solid var(--line);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #171614; --ink: #ece7dd; --soft: #aaa296; --line: #36322c; --accent: #f0aa7c; --wash: #23211d;
    --up: #82ca9a; --down: #f09c93; --bar-now: #f0aa7c; --bar-before: #8d5636;
    --sample: #fbdca6; --sample-wash: #3d2c10;
    --captured: #21402b; --captured-ink: #c5e8cf; --partial: #4b3b12; --partial-ink: #f7e2ac; --empty: #2a2824; --empty-ink: #b5ada0;
    --line-3: #7ab8e6; --line-4: #cf9be0; --line-7: #e0c25a;
    --failed: #4d2420; --failed-ink: #f8cdc7; --missing-ink: #cbb0ae;
  }
}
*, *::before, *::after { box-sizing: border-box; }
input[type="text"], .move, .score, .strip a, .slope li, .figures dd, .scale, .panels .figure, table { font-variant-numeric: tabular-nums; }
.columns, aside, .operation, .paper-page > section, .reading > section, .panels li, .forms, .topic, .versions, .versions ul { display: grid; grid-template-columns: minmax(0, 1fr); }
/* what is focused is not below the bars at the bottom */
html { scroll-padding-bottom: 4rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); max-width: 74rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word;
}
h1, h2, h3, .wordmark, .rank, .lede { font-family: var(--serif); }
h1, h2, h3 { font-weight: 600; line-height: 1.22; text-wrap: balance; margin: 0; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2.2vw, 2.6rem); letter-spacing: -0.012em; }
h2 { font-size: 1.35rem; }
p { margin: 0; }
[hidden] { display: none !important; }
ul, ol { margin: 0; padding: 0; list-style: none; }
dl, dd, figure { margin: 0; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
code { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
:is(td, th) time { white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet, .unknown { color: var(--soft); }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.5rem 1rem; background: var(--paper); z-index: 1; }
.skip:focus { left: 1rem; top: 0.5rem; }

header.site { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 2rem; padding: 1.4rem 0 1rem; border-bottom: var(--rule); }
.wordmark { font-size: 1.3rem; font-weight: 600; letter-spacing: -0.01em; }
.wordmark a { color: inherit; text-decoration: none; }
header.site ul { display: flex; flex-wrap: wrap; gap: 0 1.35rem; }
.find { margin-left: auto; flex: 0 1 11rem; }
.find input { width: 100%; border-color: var(--line); min-height: 2rem; padding: 0.15rem 0.7rem; border-radius: 1rem; font-size: 0.95rem; }
header.site nav a { display: inline-block; padding: 0.3rem 0; color: var(--ink); text-decoration: none; }
header.site nav a:hover { text-decoration: underline; }
[aria-current] { font-weight: 650; text-decoration: underline !important; text-decoration-color: var(--accent) !important; text-decoration-thickness: 2px !important; text-underline-offset: 0.35em; }
.sample { margin-top: 1rem; padding: 0.7rem 1rem; background: var(--sample-wash); color: var(--sample); border-left: 4px solid currentColor; }
footer.site { margin-top: 4rem; padding: 1.5rem 0 3rem; border-top: var(--rule); color: var(--soft); font-size: 0.9rem; }
footer.site p { max-width: 44rem; margin-bottom: 0.8rem; }
footer.site button { margin-right: 0.6rem; font-size: 0.9rem; }
dialog button { white-space: nowrap; align-self: start; }
dialog { width: min(34rem, 100% - 2rem); max-height: 80vh; padding: 1.4rem; background: var(--paper); color: inherit; border: var(--rule); border-radius: 8px; }
dialog::backdrop { background: #0006; }
dialog > * + * { margin-top: 0.9rem; }
.keys { display: grid; grid-template-columns: 2.2rem 1fr; gap: 0.4rem; }
.keys dt { font-family: var(--mono); text-align: center; border: var(--rule); border-radius: 4px; }
@media (scripting: none) { .scripted { display: none !important; } }

.head { padding: clamp(1.6rem, 4vw, 3rem) 0 1.4rem; display: grid; gap: 0.55rem; justify-items: start; }
.eyebrow { color: var(--soft); font-size: 0.9rem; }
.lede { font-size: 1.15rem; line-height: 1.5; color: var(--soft); max-width: 42rem; }
.coverage { color: var(--soft); max-width: 46rem; }
.today { padding-left: 0.8rem; border-left: 3px solid var(--accent); }
.steps { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; }
.steps > * { padding: 0.25rem 0; }
.asof { padding: 0.7rem 1rem; background: var(--wash); margin-bottom: 1rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.8rem 2rem; align-items: start; justify-content: space-between; padding: 0.9rem 0; border-top: var(--rule); }
.sorts { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; padding-top: 0.35rem; }
.sorts a, .formats a, .tabs a { display: inline-block; min-width: 24px; padding: 0.1rem 0; }
form { display: flex; flex-wrap: wrap; min-width: 0; gap: 0.4rem 0.5rem; align-items: center; }
.hint { flex-basis: 100%; font-size: 0.85rem; color: var(--soft); line-height: 1.8; }
form.range { padding-bottom: 1.2rem; }
form.search { padding-bottom: 1.4rem; max-width: 46rem; }
aside form:not(.range) { display: grid; grid-template-columns: max-content minmax(0, 1fr); padding-top: 0.5rem; font-size: 0.95rem; }
aside form > :is(button, a, label:has(input)) { grid-column: 2; justify-self: start; }
aside form > .hint { grid-column: 1 / -1; }
aside form:not(.range) :is(select, input:not([type="checkbox"])) { width: 100%; max-width: 15rem; }
textarea { width: 100%; }
#zone { width: 10rem; }
input[type="search"] { flex: 1; min-width: 0; }
input[type="checkbox"] { min-height: 0; vertical-align: -0.1em; }
.excerpt { color: var(--soft); max-width: 44rem; }
mark { background: var(--partial); color: var(--partial-ink); border-radius: 2px; padding: 0 0.1em; }
/* a title in Arabic or Hebrew runs from the right */
h1, h2, h3, .summary, .abstract, .lede, .side a, .name { unicode-bidi: plaintext; }
input, select, textarea, button { font: inherit; max-width: 100%; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; padding: 0.3rem 0.6rem; min-height: 2.2rem; }
input[type="text"] { flex: 1 1 8rem; width: 0; max-width: 15rem; font-size: 0.95rem; }
input::placeholder { color: var(--soft); opacity: 1; }
button { background: var(--wash); cursor: pointer; }
button:hover { border-color: var(--ink); }
.tabs { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; }
.formats { margin-top: 2.5rem; color: var(--soft); font-size: 0.9rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; }
.formats + .formats { margin-top: 0.3rem; }
.more { margin: 1.4rem 0; }
.nothing { margin: 1rem 0; padding: 1.6rem clamp(1rem, 4vw, 2rem); background: var(--wash); border-radius: 6px; display: grid; gap: 0.5rem; }
.nothing p { max-width: 42rem; }`;
