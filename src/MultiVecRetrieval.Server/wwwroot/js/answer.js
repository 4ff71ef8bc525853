// An answer to the question, written while one looks on, with citations that lead to where they stand.
import { api } from './api.js';
import { $, clock, fileName, h, icon, plural } from './dom.js';
import { partOf } from './grid.js';

let abort = null;
let asked = null;

/** Takes the answer away and stops what is still written. */
export function hide() {
  abort?.abort();
  abort = null;
  asked = null;
  $('answer').hidden = true;
  $('answer').replaceChildren();
}

/** Asks, and shows what comes; nothing where the same is already shown. The context has collection, model, text, filter, open(key), close(). */
export async function show(context) {
  const key = JSON.stringify([context.collection, context.text, context.filter]);
  if (key === asked) return;
  hide();
  asked = key;
  abort = new AbortController();
  const { signal } = abort;
  const text = h('div', { class: 'answer-text', dir: 'auto' });
  const state = h('p', { class: 'muted', role: 'status' }, 'Reading what was found\u2026');
  const more = h('div', {});
  $('answer').replaceChildren(
    h('header', {}, h('h2', {}, 'Answer'), h('span', { class: 'muted' }, `written by ${context.model}, from what stands below`),
      h('button', { class: 'icon', type: 'button', 'aria-label': 'Close the answer', onclick: context.close }, icon('close'))),
    text, state, more);
  $('answer').hidden = false;
  $('answer').setAttribute('aria-busy', 'true');
  let written = '';
  let sources = [];
  try {
    await api.answer(context.collection, { text: context.text, filter: context.filter }, signal, (kind, data) => {
      if (kind === 'context') {
        sources = data.sources;
        state.textContent = `Asking, with ${plural(sources.length, 'source')}\u2026`;
      } else if (kind === 'delta') {
        written += data.text;
        text.replaceChildren(...cite(written, sources, context));
      } else if (kind === 'end') {
        end(data, text, state, more, context);
      }
    });
  } catch (error) {
    if (error.name === 'AbortError') return;
    state.className = 'error';
    state.textContent = error.message;
    more.replaceChildren(h('button', { class: 'pill', type: 'button', onclick: () => { asked = null; show(context); } }, 'Ask again'));
  }
  $('answer').removeAttribute('aria-busy');
}

function end(answer, text, state, more, context) {
  const { sources } = answer.context;
  if (answer.state === 'answered') text.replaceChildren(...cite(answer.text, sources, context));
  const cited = [...new Set(answer.citations.map((citation) => citation.number))];
  state.textContent = answer.state !== 'answered' ? answer.notices.join(' ')
    : cited.length === 0 ? 'It names no source: nothing here says that it is so.' : '';
  state.hidden = state.textContent === '';
  const notices = answer.state === 'answered' ? answer.notices : [];
  more.replaceChildren(...notices.map((notice) => h('p', { class: 'notice' }, notice)),
    ...(cited.length === 0 ? [] : [h('ol', { class: 'cited', 'aria-label': 'Sources' }, cited.map((number) => source(number, answer, context)))]));
}

function source(number, answer, context) {
  const citations = answer.citations.filter((citation) => citation.number === number);
  const [first] = citations;
  const quoted = citations.map((citation) => citation.isVerbatim).filter((is) => is !== null && is !== undefined);
  return h('li', { value: String(number) },
    h('button', { type: 'button', onclick: () => context.open(first.key), title: first.passage },
      h('b', {}, fileName(first.document)), h('span', {}, whereOf(first))),
    quoted.length > 0 && h('span', { class: quoted.every(Boolean) ? 'verbatim' : 'error' }, quoted.every(Boolean) ? 'quoted word for word' : 'what is quoted does not stand there'));
}

function whereOf({ key, page, span }) {
  if (span) return ` at ${clock(span[0])}`;
  const part = partOf({ key });
  return part ? `, ${part}` : page ? ` p. ${page}` : '';
}

// Numbers of sources become links; everything else stays text.
function cite(text, sources, context) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(/\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)) {
    const known = match[1].split(',').map((number) => sources.find((one) => one.number === Number(number))).filter(Boolean);
    if (known.length === 0) continue;
    parts.push(text.slice(at, match.index), h('sup', {}, known.map((one) => h('button', { type: 'button', class: 'cite', 'aria-label': `Source ${one.number}: ${fileName(one.document)}${whereOf(one)}`, title: `${fileName(one.document)}${whereOf(one)}`, onclick: () => context.open(one.key) }, String(one.number)))));
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}
