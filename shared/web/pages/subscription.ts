import { html } from 'hono/html';
import { describeFollows } from '../../digest/message.ts';
import type { Choices } from '../../digest/subscription.ts';
import type { Markup } from './elements.ts';
import { renderPage } from './page.ts';

const field = (name: string, label: string, input: Markup): Markup =>
  html`<p class="filter"><label for="${name}">${label}</label> ${input}</p>`;

function renderForms({ cadence, follow, minUpvotes, zone, hour }: Choices): Markup {
  const option = (name: string) =>
    html`<option value="${name}"${name === cadence ? html` selected` : ''}>${name}</option>`;
  return html`<form class="search" method="post">
  <input type="hidden" name="action" value="change">
  <p class="words"><label for="follow">What you follow, one per line</label>
  <textarea id="follow" name="follow" rows="${Math.max(3, follow.length)}" cols="50" aria-describedby="follow-hint">${follow.join('\n')}</textarea></p>
  <p class="hint" id="follow-hint"><code>all</code>, <code>keyword:agents</code>, <code>phrase:long reading</code>, <code>author:ada-byron</code>, <code>organization:acme</code>, <code>entered-trending</code> or <code>code-appeared</code></p>
  ${field('cadence', 'How often', html`<select id="cadence" name="cadence">${option('daily')}${option('weekly')}</select>`)}
  ${field('minUpvotes', 'Minimum upvotes', html`<input id="minUpvotes" name="minUpvotes" type="number" min="0" max="1000000" value="${minUpvotes}">`)}
  ${field('zone', 'Time zone', html`<input id="zone" name="zone" type="text" value="${zone}">`)}
  ${field('hour', 'Hour', html`<input id="hour" name="hour" type="number" min="0" max="23" value="${hour}">`)}
  <p><button>Save</button></p>
</form>
<form class="search" method="post">
  <input type="hidden" name="action" value="leave">
  <p><button>End the subscription</button></p>
  <p class="hint">Your address and what was sent to you are then deleted.</p>
</form>`;
}

/** Renders the page of a subscription, without its address; `choices` is null once it has ended, `notice` what was just done. */
export const renderSubscriptionPage = (choices: Choices | null, notice: string | null, sample: boolean): string =>
  renderPage({
    title: 'Your subscription',
    sample,
    section: null,
    formats: [],
    main: html`<div class="head">
  <h1>Your subscription</h1>
  ${notice === null ? '' : html`<p class="lede" role="status">${notice}</p>`}
  <p>${choices === null ? 'There is no subscription any more: no mail is sent.' : `A ${choices.cadence} mail. You follow: ${describeFollows(choices)}.`}</p>
</div>
${choices === null ? '' : renderForms(choices)}`,
  });
