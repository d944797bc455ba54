const source = `:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --ink: #1e1c19; --soft: #625c53; --line: #e3ded3; --accent: #8c3a12; --wash: #f2eee5;
  --up: #1d6a3a; --down: #a02c2c; --bar-now: #dfa27c; --bar-before: #8c3a12;
  --sample: #6b3a00; --sample-wash: #fdeccb;
  --captured: #dcebdc; --captured-ink: #1c4a2c; --partial: #f6e5bd; --partial-ink: #5f4300; --empty: #ebe7dd; --empty-ink: #595349;
  --failed: #f6d8d3; --failed-ink: #7d1f1a; --missing-ink: #6a4a4a;
  --line-3: #1f5f8b; --line-4: #7b3f8c; --line-7: #8a6a00;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
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
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
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

header.site { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 2rem; padding: 1.4rem 0 1rem; border-bottom: 1px solid var(--line); }
.wordmark { font-size: 1.3rem; font-weight: 600; letter-spacing: -0.01em; }
.wordmark a { color: inherit; text-decoration: none; }
header.site ul { display: flex; flex-wrap: wrap; gap: 0 1.35rem; }
header.site nav a { display: inline-block; padding: 0.3rem 0; }
.find { margin-left: auto; flex: 0 1 11rem; }
.find input { width: 100%; border-color: var(--line); min-height: 2rem; padding: 0.15rem 0.7rem; border-radius: 1rem; font-size: 0.95rem; }
header.site nav a { color: var(--ink); text-decoration: none; }
header.site nav a:hover { text-decoration: underline; }
[aria-current] { font-weight: 650; text-decoration: underline !important; text-decoration-color: var(--accent) !important; text-decoration-thickness: 2px !important; text-underline-offset: 0.35em; }
.sample { margin-top: 1rem; padding: 0.7rem 1rem; background: var(--sample-wash); color: var(--sample); border-left: 4px solid currentColor; }
footer.site { margin-top: 4rem; padding: 1.5rem 0 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.9rem; }
footer.site p { max-width: 44rem; margin-bottom: 0.8rem; }
footer.site button { margin-right: 0.6rem; font-size: 0.9rem; }
dialog button { white-space: nowrap; }
dialog { width: min(34rem, 100% - 2rem); max-height: 80vh; padding: 1.4rem; background: var(--paper); color: inherit; border: 1px solid var(--line); border-radius: 8px; }
dialog::backdrop { background: #0006; }
dialog > * + * { margin-top: 0.9rem; }
.keys { display: grid; grid-template-columns: 2.2rem 1fr; gap: 0.4rem; }
.keys dt { font-family: var(--mono); text-align: center; border: 1px solid var(--line); border-radius: 4px; }
@media (scripting: none) { .scripted { display: none !important; } }

.head { padding: clamp(1.6rem, 4vw, 3rem) 0 1.4rem; display: grid; gap: 0.55rem; justify-items: start; }
.eyebrow { color: var(--soft); font-size: 0.9rem; }
.lede { font-size: 1.15rem; line-height: 1.5; color: var(--soft); max-width: 42rem; }
.coverage { color: var(--soft); max-width: 46rem; }
.coverage.failed { color: var(--failed-ink); }
.today { padding-left: 0.8rem; border-left: 3px solid var(--accent); }
.steps { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; }
.steps > * { padding: 0.25rem 0; }
.steps .beside { font-size: 0.875em; white-space: nowrap; }
.asof { padding: 0.7rem 1rem; background: var(--wash); margin-bottom: 1rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.8rem 2rem; align-items: start; justify-content: space-between; padding: 0.9rem 0; border-top: 1px solid var(--line); }
.sorts { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; padding-top: 0.35rem; }
.sorts a, .formats a, .tabs a { display: inline-block; min-width: 24px; padding: 0.1rem 0; }
form { display: flex; flex-wrap: wrap; min-width: 0; gap: 0.4rem 0.5rem; align-items: center; }
.hint { flex-basis: 100%; font-size: 0.85rem; color: var(--soft); line-height: 1.8; }
form.range { padding-bottom: 1.2rem; }
form.search { padding-bottom: 1.4rem; gap: 0.4rem 1.2rem; }
textarea { width: 100%; }
form.search .words { display: flex; flex-wrap: wrap; flex-basis: 100%; gap: 0.5rem; max-width: 46rem; }
form.search .filter { display: flex; align-items: center; gap: 0.5rem; max-width: 100%; }
form.search details { flex-basis: 100%; }
form.search details > div { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; padding-top: 0.4rem; }
input[type="search"] { flex: 1; min-width: 0; }
input[type="number"] { width: 6rem; }
input[type="checkbox"] { min-height: 0; vertical-align: -0.1em; }
.excerpt { color: var(--soft); max-width: 44rem; }
mark { background: var(--partial); color: var(--partial-ink); border-radius: 2px; padding: 0 0.1em; }
/* a title in Arabic or Hebrew runs from the right */
h1, .title, .summary, .abstract, .lede, .side a, .name { unicode-bidi: plaintext; }
input, select, textarea, button { font: inherit; max-width: 100%; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; padding: 0.3rem 0.6rem; min-height: 2.2rem; }
input[type="text"] { flex: 1 1 11rem; width: 0; max-width: 15rem; font-size: 0.95rem; font-variant-numeric: tabular-nums; }
input::placeholder { color: var(--soft); opacity: 1; }
button { background: var(--wash); cursor: pointer; }
button:hover { border-color: var(--ink); }
.tabs { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; }
.formats { margin-top: 2.5rem; color: var(--soft); font-size: 0.9rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; }
.formats + .formats { margin-top: 0.3rem; }
.more { margin: 1.4rem 0; font-size: 1.05rem; }
.nothing { margin: 1rem 0; padding: 1.6rem clamp(1rem, 4vw, 2rem); background: var(--wash); border-radius: 6px; display: grid; gap: 0.5rem; }
.nothing p { max-width: 42rem; }

.papers { border-top: 1px solid var(--line); margin-bottom: 1.2rem; }
.paper { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr) 8rem; gap: 0.2rem 1.2rem; padding: 1.35rem 0; border-bottom: 1px solid var(--line); }
.paper.dated { grid-template-columns: minmax(0, 1fr) 8rem; }
.save { position: relative; width: 1.6rem; height: 1.6rem; min-height: 0; margin: 0.2rem 0 0 -0.5rem; padding: 0; border: 0; background: none; color: var(--soft); }
.short .save { margin: 0; }
.short .place { display: grid; grid-template-columns: auto 1fr; align-items: center; align-content: start; }
.short .move { grid-area: 2 / 1 / 2 / -1; }
.save::before, .save::after { content: ""; position: absolute; inset: 0.3rem 0.5rem; background: currentColor; clip-path: polygon(0 0, 100% 0, 100% 100%, 50% 72%, 0 100%); }
.save::after { inset: calc(0.3rem + 1.5px) calc(0.5rem + 1.5px) calc(0.3rem + 3px); background: var(--paper); }
.save:hover, .save[aria-pressed="true"] { color: var(--accent); }
.save[aria-pressed="true"]::after { content: none; }
.fresh .rank { color: var(--accent); }
.fresh .rank::after { content: ""; display: inline-block; width: 0.4rem; height: 0.4rem; margin-left: 0.25rem; border-radius: 50%; background: currentColor; vertical-align: 0.5em; }
.read .title a { color: var(--soft); }
.place { display: flex; flex-direction: column; align-items: flex-start; gap: 0.25rem; line-height: 1; }
.rank { font-size: 1.75rem; font-variant-numeric: lining-nums tabular-nums; color: var(--soft); }
.move { display: inline-flex; align-items: center; gap: 0.25rem; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.move.up, .gain { color: var(--up); }
.move.down, .gain.lost { color: var(--down); }
.move.level { color: var(--soft); }
/* Drawn, because many fonts have no arrows. */
.move::before, .votes:not(.unknown)::before { content: ""; flex: none; }
.move.up::before { border: solid transparent; border-width: 0 0.36em 0.62em; border-bottom-color: currentColor; }
.move.down::before { border: solid transparent; border-width: 0.62em 0.36em 0; border-top-color: currentColor; }
.move.level::before { width: 0.6em; height: 2px; background: currentColor; }
.votes:not(.unknown)::before { width: 0.4em; height: 0.4em; border: solid currentColor; border-width: 2px 0 0 2px; rotate: 45deg; translate: 0 0.1em; }
.move.new { color: var(--accent); font-weight: 600; }
/* also a word as long as a line breaks */
.what, .side { overflow-wrap: anywhere; }
.what { display: grid; gap: 0.4rem; justify-items: start; min-width: 0; }
.title { font-family: var(--serif); font-size: 1.25rem; line-height: 1.3; text-wrap: pretty; }
.title a { color: var(--ink); text-decoration: none; }
.title a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.byline { color: var(--soft); font-size: 0.95rem; }
.byline a { color: inherit; text-decoration-color: var(--line); }
.byline a:hover { text-decoration-color: currentColor; }
.byline .organization:not(:first-child)::before { content: " · "; }
.organization a { color: var(--ink); }
.chips { display: flex; flex-wrap: wrap; gap: 0.35rem; font-size: 0.82rem; }
.chips li { background: var(--wash); border-radius: 1rem; max-width: 100%; }
.chips li:not(:has(a)) { padding: 0.15rem 0.7rem; }
.chips a { display: block; padding: 0.15rem 0.7rem; color: var(--ink); text-decoration: none; }
.chips a:hover { text-decoration: underline; }
.elsewhere { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.95rem; overflow-wrap: anywhere; }
.elsewhere a { display: inline-block; padding: 0.1rem 0; }
.stars { color: var(--soft); }
details { max-width: 100%; }
summary { cursor: pointer; color: var(--soft); font-size: 0.95rem; padding: 0.1rem 0; width: fit-content; }
summary:hover { color: var(--ink); }
details[open] > p { max-width: 44rem; padding: 0.4rem 0 0.6rem; }
.score { font-variant-numeric: tabular-nums; text-align: right; }
.score p { display: flex; gap: 0.55rem; justify-content: flex-end; align-items: baseline; }
.votes { display: inline-flex; align-items: center; gap: 0.3rem; }
.score .figure { font-size: 1.2rem; font-weight: 600; }
.gain { font-size: 0.95rem; }
.bar { display: block; width: 100%; height: 4px; margin-top: 0.5rem; }
.bar .track { fill: var(--wash); }
.bar .now { fill: var(--bar-now); }
.bar .before { fill: var(--bar-before); }

.summary { max-width: 44rem; line-height: 1.5; }
.tag { font-size: 0.72rem; font-weight: 600; letter-spacing: 0.03em; color: var(--soft); border: 1px solid var(--line); border-radius: 3px; padding: 0 0.25em; vertical-align: 0.1em; }
.more-about { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; align-items: baseline; }
.more-about details[open] { flex-basis: 100%; display: grid; gap: 0.4rem; }
.spark { display: block; flex: 1; min-width: 0; width: 100%; height: 1.5rem; margin-top: 0.35rem; overflow: visible; }
.spark path { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.lead .title { font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2.05rem); line-height: 1.2; text-wrap: balance; }
.lead .summary { font-family: var(--serif); font-size: 1.12rem; }
.lead .spark { height: 3.4rem; }
.lead .score .figure { font-size: 1.6rem; }
.columns { display: grid; gap: 2.5rem 4rem; grid-template-columns: minmax(0, 1fr); }
.columns aside { display: grid; gap: 1.8rem; align-content: start; }
.columns aside h2 { font-size: 1.05rem; padding-bottom: 0.5rem; }
:is(.columns aside, .reading) h2 a { color: inherit; text-decoration-color: var(--line); }
.side { border-top: 1px solid var(--line); }
.side li { display: flex; gap: 1rem; justify-content: space-between; padding: 0.5rem 0; border-bottom: 1px solid var(--line); line-height: 1.35; font-size: 0.95rem; }
.side a { color: var(--ink); text-decoration: none; }
.side a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.side .score { flex: none; }
.index { columns: 22rem; column-gap: 3rem; }
.index li { break-inside: avoid; }
.side .score .figure { font-size: inherit; }
.badge { color: var(--soft); font-size: 0.95rem; }
.badge.partial, .badge.failed { color: var(--failed-ink); }
.badge p { padding-top: 0.4rem; }
.strip { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 3px; }
.strip a { display: grid; justify-items: center; gap: 0.2rem; color: var(--soft); text-decoration: none; font-size: 0.75rem; font-variant-numeric: tabular-nums; min-width: 20px; }
.strip svg { width: 100%; height: 2.6rem; background: var(--wash); }
.strip rect, .weeks rect { fill: var(--accent); }
.strip a:not([aria-current], :hover) rect, .weeks rect:not(:last-child) { opacity: 0.5; }
.strip .gap { background: repeating-linear-gradient(135deg, var(--line) 0 2px, transparent 2px 6px); }
.strip + .steps, section > .steps { padding-top: 0.6rem; font-size: 0.9rem; }
aside .steps { display: grid; grid-template-columns: repeat(2, max-content); }
/* the week and the month below the days */
aside .steps a:nth-last-child(2) { grid-column: 1; }
.filters { padding-bottom: 0.9rem; }
.filters form { padding-top: 0.5rem; font-size: 0.95rem; }
.filters input[type="text"] { flex: 0 1 11rem; width: 11rem; }
.replay { position: sticky; bottom: 0; background: var(--paper); border-top: 1px solid var(--line); padding: 0.6rem 0; margin-top: -1.3rem; }
.replay > div { display: flex; flex-wrap: wrap; gap: 0.4rem 0.8rem; align-items: center; max-height: 45vh; overflow-y: auto; padding: 0.4rem 3px 3px; }
.replay label:has(input[type="range"]) { display: flex; flex: 1 1 12rem; align-items: center; gap: 0.5rem; }
input[type="range"] { flex: 1; min-width: 0; padding: 0; accent-color: var(--accent); }
.replay form { flex: 1 1 100%; }
.replaying :is(.move, .gain, .spark) { visibility: hidden; }
.menu { position: relative; }
.menu summary { color: var(--ink); font-size: 1rem; padding: 0.3rem 0; }
.menu ul { position: absolute; z-index: 1; left: 0; flex-direction: column; padding: 0.5rem 1.1rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; white-space: nowrap; }
.paper.short { grid-template-columns: 3.6rem minmax(0, 1fr) auto; padding: 0.85rem 0; }
.short .rank { font-size: 1.3rem; }
.short .title { font-size: 1.08rem; }
.short .byline { font-size: 0.88rem; }
.short .score p { flex-direction: column; align-items: flex-end; gap: 0; }
.short .score .figure { font-size: 1.05rem; }
.short .rate { min-width: 5rem; }
.short .rate .quiet { font-size: 0.85rem; }
.slope { display: grid; grid-template-columns: 2rem 8rem minmax(0, 1fr); gap: 0 0.6rem; padding: 1rem 0 2.4rem; max-width: 54rem; }
.slope figcaption { grid-column: 1 / -1; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.4rem; }
.slope svg { width: 100%; height: 100%; }
.slope path { fill: none; stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke; }
.slope .up { stroke: var(--up); }
.slope .down { stroke: var(--down); }
.slope .new { stroke: var(--accent); stroke-dasharray: 3 3; }
.slope li { display: flex; gap: 0.6rem; align-items: center; height: 1.9rem; font-variant-numeric: tabular-nums; }
.slope ol:first-of-type { color: var(--soft); text-align: right; }
.slope ol:first-of-type li { justify-content: flex-end; }
.slope .rank { font-size: 1rem; width: 1.6rem; flex: none; }
.slope .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.slope a { color: var(--ink); text-decoration: none; }
.slope a:hover { text-decoration: underline; }
.part { padding-bottom: 1.6rem; }
.part > h2 { padding-bottom: 0.8rem; }
@media (min-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1fr) 19rem; }
}
@media (max-width: 54rem) {
  header.site { column-gap: 1rem; }
  header.site ul { gap: 0 1rem; }
  .find { flex: 1 1 5rem; max-width: 11rem; }
}
@media (max-width: 40rem) {
  header.site { padding-top: 1rem; gap: 0.25rem 1rem; }
  header.site nav { order: 1; font-size: 0.95rem; }
  header.site ul { gap: 0 0.95rem; }
  .menu summary { font-size: inherit; }
  .find { flex: 1 1 6rem; max-width: 14rem; }
  .paper:not(.short) { grid-template-columns: 2.3rem minmax(0, 1fr); gap: 0.5rem 0.7rem; }
  .paper.dated { grid-template-columns: minmax(0, 1fr); }
  .paper:not(.short) .score { grid-column: 2; text-align: left; display: flex; align-items: center; gap: 1rem; }
  .paper.dated .score { grid-column: 1; }
  .paper:not(.short) .score p { justify-content: flex-start; flex: none; }
  .paper:not(.short) .bar { margin: 0; flex: 1; min-width: 0; }
  .rank { font-size: 1.4rem; }
  .title { font-size: 1.14rem; }
  .slope { grid-template-columns: 1.4rem 3.4rem minmax(0, 1fr); gap: 0 0.4rem; }
  .paper.short { grid-template-columns: 2.2rem minmax(0, 1fr) auto; gap: 0.2rem 0.6rem; }
}

@media (min-width: 60rem) {
  .paper-page { grid-template-columns: minmax(0, 1fr) 23rem; gap: 1rem 4rem; }
  .paper-page aside { grid-column: 2; grid-row: 1 / span 2; position: sticky; top: 0; padding-top: 2rem; }
  .paper-page .figures { border-top: 0; padding-top: 0; }
}
.paper-page aside { gap: 0.8rem; }
.paper-page .head { padding-bottom: 0.4rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; font-size: 0.95rem; }
.actions :is(a, button, span) { display: inline-block; min-height: 0; padding: 0.25rem 0.8rem; border: 1px solid var(--line); border-radius: 1rem; background: none; color: var(--ink); text-decoration: none; }
.actions :is(a, button):hover { border-color: var(--accent); }
.actions + .quiet { margin-top: 0.6rem; }
.actions [aria-pressed="true"] { background: var(--wash); border-color: var(--accent); }
.tracks { display: block; width: 100%; height: 17rem; overflow: visible; font-size: 0.78rem; }
.tracks text { fill: var(--soft); font-size: inherit; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.tracks path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; }
.tracks .grid { stroke: var(--line); }
.tracks .line { stroke: var(--accent); stroke-width: 2; }
.tracks .letter { fill: var(--ink); font-weight: 650; }
.event { stroke: var(--soft); stroke-dasharray: 2 4; }
.cross { stroke: var(--ink); pointer-events: none; }
.rise { position: relative; }
.value { position: absolute; right: 0; top: -1.2rem; font-size: 0.85rem; background: var(--paper); }
.provenance { padding-top: 1.6rem; }
.provenance h2 { font-size: 1.05rem; padding-bottom: 0.8rem; }
.paper-page > section { display: grid; gap: 0.8rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
.reading { max-width: 54rem; }
.reading section { padding-top: 1.6rem; display: grid; gap: 0.8rem; grid-template-columns: minmax(0, 1fr); }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.2rem; padding: 1.1rem 0; border-block: 1px solid var(--line); }
.figures dt, .facts dt { color: var(--soft); font-size: 0.85rem; }
.figures dd { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.4; }
.figures dd.when { font-size: 1rem; font-weight: 400; line-height: 1.9; }
.figures dd.note { color: var(--soft); font-size: 0.85rem; font-weight: 400; }
.abstract { font-family: var(--serif); font-size: 1.12rem; line-height: 1.65; }
.facts { border-top: 1px solid var(--line); margin-bottom: 1.4rem; }
.facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0.1rem 1rem; padding: 0.6rem 0; border-bottom: 1px solid var(--line); align-items: baseline; }
@media (max-width: 40rem) { .facts > div { grid-template-columns: minmax(0, 1fr); } }

.rise figcaption { color: var(--soft); font-size: 0.85rem; margin-top: 0.4rem; }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.4rem 0.7rem; max-width: 54rem; }
.plot svg { width: 100%; height: 13rem; overflow: visible; display: block; }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: 0.85rem; line-height: 1; margin: -0.42rem 0; color: var(--soft); font-variant-numeric: tabular-nums; }
.plot .span { grid-column: 2; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: 0.85rem; color: var(--soft); }
.plot path { fill: none; vector-effect: non-scaling-stroke; }
.plot .grid { stroke: var(--line); }
.plot .area { fill: var(--wash); }
.plot .line { stroke: var(--accent); stroke-width: 2; }
.plot .dot { stroke: var(--accent); stroke-width: 6; stroke-linecap: round; }

.panels { display: block; }
.panels section { padding-bottom: 1.8rem; }
.panels h2, .wide + h2 { padding-bottom: 0.7rem; }
.panels ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5rem), 1fr)); gap: 1.4rem 2rem; }
.panels li { display: grid; gap: 0.2rem; grid-template-columns: minmax(0, 1fr); align-content: end; font-size: 0.85rem; }
.panels .name { display: flex; gap: 0.6rem; justify-content: space-between; align-items: baseline; font-size: 0.95rem; line-height: 1.3; }
.panels .name a { color: var(--ink); text-decoration-color: var(--line); }
.panels .figure { font-weight: 600; font-variant-numeric: tabular-nums; }
.weeks { display: block; width: 100%; height: 2.8rem; border-bottom: 1px solid var(--line); }
.weeks path { stroke: var(--line); vector-effect: non-scaling-stroke; }
.compare { position: sticky; bottom: 0; padding: 0.6rem 0; background: var(--paper); border-top: 1px solid var(--line); font-size: 0.9rem; }
.forms { display: grid; gap: 0.9rem; padding-top: 0.8rem; grid-template-columns: minmax(0, 1fr); }
.topic { display: grid; gap: 2rem; grid-template-columns: minmax(0, 1fr); }
.topic h2 { font-size: 1.15rem; padding-bottom: 0.7rem; }
.legend.lines { padding-bottom: 0.9rem; gap: 0.2rem 1.4rem; color: var(--ink); }
.swatch { flex: none; overflow: visible; }
.lined { padding-right: 1rem; }
.plot .lines text { font-size: 0.8rem; fill: var(--soft); }
.plot .lines .letter { fill: var(--ink); font-weight: 650; }
.plot .hatch { stroke: var(--line); }
.plot .break { stroke: var(--soft); stroke-dasharray: 5 4; }
.series, .mark { fill: none; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.series { stroke-width: 2; }
.mark { stroke-width: 7; stroke-linecap: round; }
.s1 { stroke: var(--accent); }
.s2 { stroke: var(--up); }
.s3 { stroke: var(--line-3); }
.s4 { stroke: var(--line-4); }
.s5 { stroke: var(--ink); }
.s6 { stroke: var(--down); }
.s7 { stroke: var(--line-7); }
.s8 { stroke: var(--soft); }
.series.s2 { stroke-dasharray: 8 4; }
.series.s3 { stroke-dasharray: 2 3; }
.series.s4 { stroke-dasharray: 9 3 2 3; }
.series.s5 { stroke-dasharray: 14 4; }
.series.s6 { stroke-width: 3.5; }
.series.s7 { stroke-width: 3.5; stroke-dasharray: 4 4; }
.series.s8 { stroke-dasharray: 3 3 3 3 12 3; }
.mark:is(.s2, .s4, .s6, .s8) { stroke-linecap: square; stroke-width: 6; }

.rise + .scroll, .quiet + .scroll { margin-top: 1.6rem; }
.scroll { position: relative; overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
.scroll table { width: 100%; }
.scroll :is(th, td) { text-align: left; padding: 0.5rem 1.1rem 0.5rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: baseline; }
.scroll thead th { color: var(--soft); font-weight: 600; font-size: 0.85rem; vertical-align: bottom; }
.scroll th[scope="row"] { font-weight: 400; }
.scroll .number { text-align: right; }
.scroll :is(th, td):last-child { padding-right: 0; }
.under { display: block; font-weight: 400; }
.outcome::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; border-radius: 50%; margin-right: 0.45em; background: var(--up); }
.outcome.bad::before { background: var(--down); border-radius: 0; transform: rotate(45deg); }
.outcome.bad { color: var(--down); }

.versions { border-left: 2px solid var(--line); padding-left: 1.1rem; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.versions ul { display: grid; gap: 0.3rem; grid-template-columns: minmax(0, 1fr); }
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
.month .outlook { position: absolute; bottom: 0.3rem; left: 0; right: 0; text-align: center; font-size: 0.62rem; font-weight: 400; white-space: nowrap; }
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
pre { margin: 0.2rem 0 0.9rem; padding: 0.7rem 1rem; overflow-x: auto; background: var(--wash); border-radius: 6px; }
/* on the code, so that nothing moves when the script adds it */
pre + button { display: block; position: relative; top: -0.6rem; height: 1.8rem; min-height: 0; padding-block: 0; font-size: 0.85rem; margin: -2.7rem 0.4rem 0.9rem auto; }
.wide { margin: 2rem 0 1rem; }
.errors { display: grid; gap: 0.4rem; margin-bottom: 1.4rem; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #5d2507; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  header.site :is(nav, form), .tools, .steps, .formats, .skip, .save, form, button, .strip { display: none !important; }
  .paper, figure { break-inside: avoid; }
}

.operation { display: grid; gap: 0.5rem; padding: 1.1rem 0; border-top: 1px solid var(--line); }
.operation > p, .prose > * { max-width: 44rem; }
.prose { display: grid; gap: 0.7rem; padding-bottom: 1.6rem; }
section > h2:has(+ .operation) { padding: 1.4rem 0 0.6rem; }
`;

/** The only stylesheet, served at `/style.css` without comments and needless blanks. It loads no fonts, pictures or other files. */
export const styleSheet = source
  .replaceAll(/\/\*.*?\*\//g, '')
  .replaceAll(/;\s*\}/g, '}')
  .replaceAll(/(?<=[;:,{}])\s+|\s+(?=\{)/g, '');
