/** Rows of papers and their charts, the front page, replay and movers. */
export const papersStyle = `.papers { border-top: var(--rule); margin-bottom: 1.2rem; }
.papers > li { display: grid; align-items: start; grid-template-columns: 3.6rem minmax(0, 1fr) auto; gap: 0.2rem 1.2rem; padding: 0.85rem 0; border-bottom: var(--rule); }
.papers > .paper { grid-template-columns: 3.6rem minmax(0, 1fr) 8rem; padding: 1.35rem 0; }
.papers > .dated { grid-template-columns: minmax(0, 1fr) 8rem; }
/* a row without a class is compact: rank, title and upvotes above change of rank, authors and gain */
li > :is(.rank, i) { font-weight: 400; font-style: normal; }
li > :is(.rank, .move) { grid-area: 1 / 1 / span 2; }
li > .move { margin-top: 1.55rem; }
.papers > li > p:not(.place) { grid-column: 2; color: var(--soft); font-size: 0.88rem; }
li > :is(.votes, .gain) { grid-column: 3; justify-self: end; }
.save { position: relative; width: 1.6rem; height: 1.6rem; min-height: 0; margin: 0.2rem 0 0 -0.5rem; padding: 0; border: 0; background: none; color: var(--soft); }
li > .save { grid-area: 1 / 1; justify-self: end; margin: 0; }
.save::before, .save::after { content: ""; position: absolute; inset: 0.3rem 0.5rem; background: currentColor; clip-path: polygon(0 0, 100% 0, 100% 100%, 50% 72%, 0 100%); }
.save::after { inset: calc(0.3rem + 1.5px) calc(0.5rem + 1.5px) calc(0.3rem + 3px); background: var(--paper); }
.save:hover, .save[aria-pressed="true"] { color: var(--accent); }
.save[aria-pressed="true"]::after { content: none; }
.fresh .rank { color: var(--accent); }
.fresh .rank::after { content: ""; display: inline-block; width: 0.4rem; height: 0.4rem; margin-left: 0.25rem; border-radius: 50%; background: currentColor; vertical-align: 0.5em; }
.papers .read h2 a { color: var(--soft); }
.place { display: flex; flex-direction: column; align-items: flex-start; gap: 0.25rem; }
.rank { font-size: 1.3rem; line-height: 1; font-variant-numeric: lining-nums tabular-nums; color: var(--soft); }
.paper .rank { font-size: 1.75rem; }
.move { line-height: 1; display: inline-flex; align-items: center; gap: 0.25rem; font-size: 0.85rem; }
.move.up, .gain { color: var(--up); }
.move.down, .gain.lost { color: var(--down); }
.level { color: var(--soft); }
/* Drawn, because many fonts have no arrows. */
.move::before, .votes:not(.unknown)::before { content: ""; flex: none; line-height: 0; }
.move.up::before { border: solid transparent; border-width: 0 0.36em 0.62em; border-bottom-color: currentColor; }
.move.down::before { border: solid transparent; border-width: 0.62em 0.36em 0; border-top-color: currentColor; }
.move.level::before { width: 0.6em; height: 2px; background: currentColor; }
.votes:not(.unknown)::before { width: 0.4em; height: 0.4em; border: solid currentColor; border-width: 2px 0 0 2px; rotate: 45deg; translate: 0 0.1em; }
/* in words for a screen reader, which an empty text would not be read with */
i.up::before { content: "\\200b" / "up by "; }
i.down::before { content: "\\200b" / "down by "; }
b.votes.figure::before { content: "\\200b" / "upvotes "; }
.move.new { color: var(--accent); font-weight: 600; }
.to { display: inline-block; width: 0.9rem; height: 0.45rem; overflow: hidden; background: currentColor; clip-path: polygon(0 40%, 65% 40%, 65% 0, 100% 50%, 65% 100%, 65% 60%, 0 60%); }
/* also a word as long as a line breaks */
.what, .side, .head { overflow-wrap: anywhere; }
.what { display: grid; gap: 0.4rem; justify-items: start; min-width: 0; }
.papers :is(h2, h3) { font-size: 1.08rem; line-height: 1.3; text-wrap: pretty; }
.paper h2 { font-size: 1.25rem; }
:is(.papers :is(h2, h3), .side, .slope) a { color: var(--ink); text-decoration: none; }
:is(.papers :is(h2, h3), .side, .slope) a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.byline { color: var(--soft); font-size: 0.95rem; }
.byline time { white-space: nowrap; }
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
.score { text-align: right; }
.score p { display: flex; gap: 0.55rem; justify-content: flex-end; align-items: baseline; }
.votes { display: inline-flex; align-items: center; gap: 0.3rem; vertical-align: top; }
.score .figure { font-size: 1.2rem; font-weight: 600; }
.gain { font-size: 0.95rem; }
.bar { display: block; width: 100%; height: 4px; margin-top: 0.5rem; }
.bar .track { fill: var(--wash); }
.bar .now { fill: var(--bar-now); }
.bar .before { fill: var(--bar-before); }

.summary { max-width: 44rem; line-height: 1.5; }
.tag { font-size: 0.72rem; font-weight: 600; letter-spacing: 0.03em; color: var(--soft); border: var(--rule); border-radius: 3px; padding: 0 0.25em; vertical-align: 0.1em; }
.more-about { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; align-items: baseline; }
.more-about details[open] { flex-basis: 100%; }
.spark { display: block; flex: 1; min-width: 0; width: 100%; height: 1.5rem; margin-top: 0.35rem; overflow: visible; }
.spark path { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.lead h2 { font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2.05rem); line-height: 1.2; text-wrap: balance; }
.paper:not(.lead, .dated) .summary { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 100%; }
.lead .summary { font-family: var(--serif); font-size: 1.12rem; }
.lead .spark { height: 3.4rem; }
.lead .score .figure { font-size: 1.6rem; }
.columns { gap: 2.5rem 4rem; }
.columns aside { gap: 1.8rem; align-content: start; }
.columns aside h2, .provenance h2 { font-size: 1.05rem; padding-bottom: 0.5rem; }
:is(.columns aside, .reading) h2 a { color: inherit; text-decoration-color: var(--line); }
.side { border-top: var(--rule); }
.side li { display: flex; gap: 1rem; justify-content: space-between; padding: 0.5rem 0; border-bottom: var(--rule); line-height: 1.35; font-size: 0.95rem; }
.side .score { flex: none; }
.index { columns: 20rem; column-gap: 3rem; }
.index li { break-inside: avoid; }
.side .score .figure { font-size: inherit; }
.badge { color: var(--soft); font-size: 0.95rem; }
.badge.partial, .badge.failed { color: var(--failed-ink); }
.strip { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 3px; }
.strip a { display: grid; justify-items: center; gap: 0.2rem; color: var(--soft); text-decoration: none; font-size: 0.75rem; min-width: 20px; }
.strip svg { width: 100%; height: 2.6rem; background: var(--wash); }
.strip rect, .weeks rect { fill: var(--accent); }
.strip a:not([aria-current], :hover) rect, .weeks rect:not(:last-child) { opacity: 0.5; }
.strip .gap { background: repeating-linear-gradient(135deg, var(--line) 0 2px, transparent 2px 6px); }
.strip + .steps, section > .steps { padding-top: 0.6rem; font-size: 0.9rem; }
aside .steps { display: grid; grid-template-columns: repeat(2, max-content); }
aside .steps p { display: contents; }
aside .steps a:first-child { grid-column: 1; }
.narrow { padding-bottom: 1rem; }
.replay { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: 0 1.5rem; background: var(--paper); border-top: var(--rule); padding: 0.6rem 0; margin-top: -1.3rem; }
.replay details { flex: 1; }
.replay details > div { display: flex; flex-wrap: wrap; gap: 0.4rem 0.8rem; align-items: center; max-height: 45vh; overflow-y: auto; padding: 0.4rem 3px 3px; }
.replay label:has(input[type="range"]) { display: flex; flex: 1 1 12rem; align-items: center; gap: 0.5rem; }
input[type="range"] { flex: 1; min-width: 0; padding: 0; accent-color: var(--accent); }
.replay form { flex: 1 1 100%; }
.replaying :is(.move, .gain, .spark) { visibility: hidden; }
.menu { position: relative; }
.menu summary { color: var(--ink); font-size: 1rem; padding: 0.3rem 0; }
.menu ul { position: absolute; z-index: 1; left: 0; flex-direction: column; padding: 0.5rem 1.1rem; background: var(--paper); border: var(--rule); border-radius: 6px; white-space: nowrap; }
.part :is(.byline, .rate .quiet) { font-size: 0.88rem; }
.part .score p { flex-direction: column; align-items: flex-end; gap: 0; }
.part .score .figure { font-size: 1.05rem; }
.part .rate { min-width: 5rem; }
.slope { display: grid; grid-template-columns: 2rem clamp(3.4rem, 16vw, 13rem) minmax(0, 1fr); gap: 0 0.6rem; padding: 1rem 0 2.4rem; }
.slope figcaption { grid-column: 1 / -1; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.4rem; }
.slope svg { width: 100%; height: 100%; }
.slope path { fill: none; stroke: var(--soft); stroke-width: 2.5; stroke-opacity: 0.75; vector-effect: non-scaling-stroke; }
.slope .up { stroke: var(--up); }
.slope .down { stroke: var(--down); }
.slope .new { stroke: var(--accent); stroke-dasharray: 3 3; }
.slope li { display: flex; gap: 0.6rem; align-items: center; height: 1.9rem; }
.slope ol:first-of-type { color: var(--soft); text-align: right; }
.slope ol:first-of-type li { justify-content: flex-end; }
.slope .rank { font-size: 1rem; width: 1.6rem; flex: none; }
.slope .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.part { padding-bottom: 1.6rem; }
.part > h2 { padding-bottom: 0.8rem; }
@media (min-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1fr) 19rem; }
  .narrow { display: none; }
}
@media (max-width: 54rem) {
  header.site { column-gap: 1rem; }
  header.site ul { gap: 0 1rem; }
  .find { flex: 1 1 5rem; max-width: 11rem; }
}
@media (max-width: 40rem) {
  header.site { padding-top: 1rem; gap: 0.25rem 1rem; }
  header.site nav { order: 1; font-size: clamp(0.84rem, 3.9vw, 0.95rem); }
  header.site ul { gap: 0 2.2vw; }
  .menu summary { font-size: inherit; }
  .menu { position: static; }
  .menu ul { left: auto; right: 1rem; }
  .find { flex: 1 1 6rem; max-width: 14rem; }
  .papers > li { grid-template-columns: 2.2rem minmax(0, 1fr) auto; gap: 0.2rem 0.6rem; }
  .papers > .paper { grid-template-columns: 2.3rem minmax(0, 1fr); gap: 0.5rem 0.7rem; }
  .papers > .dated { grid-template-columns: minmax(0, 1fr); }
  .paper .score { grid-column: 2; text-align: left; display: flex; flex-wrap: wrap; align-items: center; gap: 0 1rem; }
  .paper.dated .score { grid-column: 1; }
  .paper .score p { justify-content: flex-start; flex: none; }
  .paper .bar { margin: 0; flex: 1; min-width: 0; }
  .paper .rank { font-size: 1.4rem; }
  .paper:not(.lead) h2 { font-size: 1.14rem; }
  li > .save { grid-row: 1 / span 2; justify-self: start; margin: 2.5rem 0 0 -0.5rem; }
}`;
