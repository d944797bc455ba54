/** The page of a paper, charts over time and topics. */
export const chartsStyle = `@media (min-width: 60rem) {
  .paper-page { grid-template-columns: minmax(0, 1fr) 23rem; gap: 1rem 4rem; }
  .paper-page aside { grid-column: 2; grid-row: 1 / span 2; position: sticky; top: 0; padding-top: 2rem; }
  .paper-page .figures { border-top: 0; padding-top: 0; }
}
.paper-page aside { gap: 0.8rem; }
.paper-page .head { padding-bottom: 0.4rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; font-size: 0.95rem; }
.actions :is(a, button, span) { display: inline-block; min-height: 0; padding: 0.25rem 0.8rem; border: var(--rule); border-radius: 1rem; background: none; color: var(--ink); text-decoration: none; }
.actions :is(a, button):hover { border-color: var(--accent); }
.actions [aria-pressed="true"] { background: var(--wash); border-color: var(--accent); }
.tracks { display: block; width: 100%; height: 17rem; overflow: visible; font-size: 0.78rem; }
.tracks text { fill: var(--soft); font-size: inherit; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.tracks path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; }
.tracks .line { stroke: var(--accent); stroke-width: 2; }
.tracks .letter { fill: var(--ink); font-weight: 650; }
.event { stroke: var(--soft); stroke-dasharray: 2 4; }
.cross { stroke: var(--ink); pointer-events: none; }
.rise { position: relative; }
.value { position: absolute; right: 0; top: -1.2rem; font-size: 0.85rem; background: var(--paper); }
.provenance { padding-top: 1.6rem; }
.paper-page > section { gap: 0.8rem; align-content: start; }
.reading { max-width: 54rem; }
.reading > section { padding-top: 1.6rem; gap: 0.8rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.2rem; padding: 1.1rem 0; border-block: var(--rule); }
.figures dt, .facts dt { color: var(--soft); font-size: 0.85rem; }
.figures dd { font-size: 1.35rem; font-weight: 600; line-height: 1.4; }
.figures dd.note { color: var(--soft); font-size: 0.85rem; font-weight: 400; }
.abstract { font-family: var(--serif); font-size: 1.12rem; line-height: 1.65; }
.facts { border-top: var(--rule); margin-bottom: 1.4rem; }
.facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0.1rem 1rem; padding: 0.6rem 0; border-bottom: var(--rule); align-items: baseline; }
@media (max-width: 40rem) { .facts > div { grid-template-columns: minmax(0, 1fr); } }

.rise figcaption { color: var(--soft); font-size: 0.85rem; margin-top: 0.4rem; }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.4rem 0.7rem; max-width: 54rem; }
.plot svg { width: 100%; height: 13rem; overflow: visible; display: block; }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: 0.85rem; line-height: 1; margin: -0.42rem 0; color: var(--soft); }
.plot .span { grid-column: 2; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: 0.85rem; color: var(--soft); }
.plot path { fill: none; vector-effect: non-scaling-stroke; }
.plot .area { fill: var(--wash); }
.plot .line { stroke: var(--accent); stroke-width: 2; }
.plot .dot { stroke: var(--accent); stroke-width: 6; stroke-linecap: round; }

.panels { display: block; }
.panels section { padding-bottom: 1.8rem; }
.panels h2, .wide + h2 { padding-bottom: 0.7rem; }
.grid, .hatch { stroke: var(--line); }
:is(.sorts, .columns, .actions) + .quiet, p.quiet + p.quiet, :is(.quiet, .rise) + h2, .scroll + :is(h2, .quiet) { padding-top: 1.2rem; }
.panels ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, clamp(9rem, 24%, 12.5rem)), 1fr)); gap: 1.4rem clamp(1.2rem, 3%, 2rem); }
.panels li { gap: 0.2rem; align-content: end; font-size: 0.85rem; }
.panels .name { display: flex; gap: 0.3rem; justify-content: space-between; align-items: baseline; font-size: 0.9rem; line-height: 1.3; }
.panels .name a { min-width: 0; color: var(--ink); text-decoration-color: var(--line); }
.panels .figure { font-weight: 600; }
.weeks { display: block; width: 100%; height: 2.8rem; border-bottom: var(--rule); }
.weeks path { stroke: var(--line); vector-effect: non-scaling-stroke; }
.compare { position: sticky; bottom: 0; padding: 0.6rem 0; background: var(--paper); border-top: var(--rule); font-size: 0.9rem; }
.forms { gap: 0.9rem; padding-top: 0.8rem; }
.topic { gap: 2rem; }
.topic h2 { font-size: 1.15rem; padding-bottom: 0.7rem; }
.legend.lines { padding-bottom: 0.9rem; gap: 0.2rem 1.4rem; color: var(--ink); }
.swatch { flex: none; overflow: visible; }
.lined { padding-right: 1rem; }
.plot .lines text { font-size: 0.8rem; fill: var(--soft); }
.plot .lines .letter { fill: var(--ink); font-weight: 650; }
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
.mark:is(.s2, .s4, .s6, .s8) { stroke-linecap: square; stroke-width: 6; }`;
