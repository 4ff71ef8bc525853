// The state of the page lives in its address: what was asked can be shared, and Back works.
import * as answer from './answer.js';
import { api, onKeyNeeded } from './api.js';
import * as detail from './detail.js';
import { $, count, fileName, h, icon, plural, toast } from './dom.js';
import * as facets from './facets.js';
import { card, divider, ghosts, steer } from './grid.js';
import { palette } from './marks.js';
import * as panel from './panel.js';
import * as parts from './parts.js';
import * as saved from './saved.js';

const pageSize = 24;

// Hits of one document, at most: the best one is shown, the others on demand.
const groupSize = 12;
const names = { c: 'collection', q: 'text', like: 'entry', p: 'parts', type: 'type', using: 'using', filter: 'filter', f: 'facets', sort: 'sort', ask: 'ask', open: 'open' };
const types = [['', 'All'], ['page', 'Pages'], ['image', 'Images'], ['video', 'Videos'], ['text', 'Texts']];
const usings = [['', 'All sides'], ['vectors', 'By sight and meaning'], ['text', 'By words']];

let state = readAddress();
let picture = null; // a file to search with; it cannot live in the address
let collections = [];
let shown = { key: null, hits: [], labels: new Map(), hasMore: false, isBusy: false };
let abort = new AbortController();

function readAddress() {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(Object.keys(names).map((name) => [name, parameters.get(name) ?? '']));
}

function addressOf(changes) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...state, ...changes })) if (value) parameters.set(name, value);
  const text = parameters.toString();
  return text ? `?${text}` : location.pathname;
}

function go(changes, { replace = false } = {}) {
  const address = addressOf(changes);
  state = { ...state, ...changes };
  // isOpen: the entry before this one is the same page without the dialog, so closing may go back to it.
  const isOpen = Boolean(state.open) && (!replace || Boolean(history.state?.isOpen));
  if (address !== (location.search || location.pathname)) history[replace ? 'replaceState' : 'pushState']({ hasPicture: picture !== null, isOpen }, '', address);
  render();
}

const isAsking = () => Boolean(state.q || state.like || picture || state.p);
const keyOf = () => JSON.stringify([state.c, state.q, state.like, state.p, state.type, state.using, state.filter, state.f, state.sort, picture && [picture.name, picture.size, picture.lastModified]]);

// A question takes sixteen facets; those of files come with it.
const attributesOf = () => (collections.find((collection) => collection.name === state.c)?.attributes ?? []).slice(0, 8);

function filterOf() {
  const conditions = [state.type && `type = ${state.type}`, state.filter, ...facets.parse(state.f).map((one) => one.f)].filter(Boolean);
  return (conditions.length > 1 ? conditions.map((one) => `(${one})`).join(' and ') : conditions[0]) || undefined;
}

function render() {
  drawQuery();
  if (shown.key !== keyOf()) load();
  else drawOpen();
}

function drawQuery() {
  if (document.activeElement !== $('q') || !isAsking()) $('q').value = state.q;
  document.title = state.q ? `${state.q} – MultiVecRetrieval` : 'MultiVecRetrieval';
  $('collection').value = state.c;
  $('filter').value = state.filter;
  $('filterRow').hidden = !(state.filter || $('toggleFilter').getAttribute('aria-expanded') === 'true');
  $('toggleFilter').setAttribute('aria-expanded', String(!$('filterRow').hidden));
  $('toggleFilter').classList.toggle('on', Boolean(state.filter));
  drawSegments($('types'), types, state.type, (type) => go({ type, open: '' }));
  drawSegments($('sides'), usings, state.using, (using) => go({ using, open: '' }));
  $('sides').hidden = !state.q;
  $('sort').value = state.sort;
  parts.draw($('parts'), parts.parse(state.p), state.c, (changed) => go({ p: parts.format(changed), open: '' }));
  $('addPart').hidden = !isAsking();
  drawExample();
  drawAnswer();
  saved.draw($('saved'), isAsking() && !picture ? { name: describeQuestion(), address: addressOf({ open: '', ask: '' }) } : null, (address) => {
    history.pushState({ hasPicture: false, isOpen: false }, '', address);
    picture = null;
    state = readAddress();
    $('q').value = state.q;
    render();
  });
}

/** What is asked, in a few words. */
const describeQuestion = () => [state.q, state.like && `like ${fileName(state.like)}`, ...parts.parse(state.p).map(parts.nameOf), ...facets.parse(state.f).map((one) => one.l), state.filter]
  .filter(Boolean).join(' \u00B7 ').slice(0, 90);

// Words can be answered where a model is set that does.
function drawAnswer() {
  const model = collections.find((collection) => collection.name === state.c)?.answerModel;
  const isAsked = Boolean(model && state.q && state.ask);
  $('ask').hidden = !(model && state.q);
  $('ask').title = model ? `Let ${model} answer from what is found` : '';
  $('ask').setAttribute('aria-pressed', String(isAsked));
  $('ask').classList.toggle('on', isAsked);
  if (!isAsked) { answer.hide(); return; }
  answer.show({ collection: state.c, model, text: state.q, filter: filterOf(), open: (key) => go({ open: key }), close: () => { go({ ask: '' }); $('ask').focus(); } });
}

function drawSegments(group, options, chosen, choose) {
  const hadFocus = group.contains(document.activeElement);
  group.replaceChildren(...options.map(([value, label]) => h('button', { type: 'button', role: 'radio', 'aria-checked': String(value === chosen), tabindex: value === chosen ? '0' : '-1', onclick: () => choose(value) }, label)));
  group.onkeydown = (event) => {
    const delta = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!delta) return;
    event.preventDefault();
    const at = options.findIndex(([value]) => value === chosen);
    choose(options[(at + delta + options.length) % options.length][0]);
  };
  if (hadFocus) group.querySelector('[aria-checked="true"]').focus();
}

function drawExample() {
  const box = $('example');
  box.hidden = !(picture || state.like);
  $('q').placeholder = box.hidden ? 'Search words, or drop a picture' : 'Add words to the picture';
  if (box.hidden) { box.replaceChildren(); box.dataset.of = ''; return; }
  const of = picture ? `${picture.name}${picture.lastModified}` : state.like;
  if (box.dataset.of === of) return;
  box.dataset.of = of;
  const image = picture
    ? URL.createObjectURL(picture)
    : `/v1/collections/${encodeURIComponent(state.c)}/picture?size=160&key=${encodeURIComponent(state.like)}`;
  box.replaceChildren(h('img', { src: image, alt: '' }), h('span', {}, picture ? 'This picture' : `Like ${state.like.split('/').pop()}`),
    h('button', { type: 'button', class: 'icon', 'aria-label': 'Remove the picture', onclick: () => { picture = null; go({ like: '', open: '' }); $('q').focus(); } }, icon('close')));
}

async function fetchPart(offset, signal) {
  const filter = filterOf();
  if (!isAsking()) {
    const [part, counted] = await Promise.all([
      api.entries(state.c, { filter, sort: state.sort, limit: pageSize, after: offset ? shown.next : '' }, signal),
      offset ? { facets: [] } : api.facets(state.c, { fields: facets.names(attributesOf()), filter, limit: 20 }, signal),
    ]);
    return { hits: part.items.map((entry) => ({ ...entry, matches: [], sources: [] })), hasMore: part.next !== null && part.next !== undefined, next: part.next, notices: [], facets: counted.facets };
  }
  const body = { text: state.q || undefined, using: state.using || undefined, filter, top: pageSize, offset, groupSize, explain: true, sort: state.sort || undefined, facets: offset ? undefined : facets.names(attributesOf()) };
  const more = parts.parse(state.p);
  if (picture && more.length === 0) return api.searchPicture(state.c, picture, body, signal);
  const image = picture ? await asDataUri(picture) : undefined;
  // What follows each other is ranked by its order, which nothing else changes.
  const { sort, facets: fields, ...rest } = body;
  const isSequence = more.length > 0 && parts.asBody(more).combine === 'sequence';
  return api.search(state.c, { ...(isSequence ? rest : body), image, entry: state.like || undefined, ...(more.length > 0 ? parts.asBody(more) : {}) }, signal);
}

const asDataUri = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
  reader.readAsDataURL(file);
});

async function load() {
  abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  if (!state.c) { drawNoCollection(); return; }
  const isFirst = shown.hits.length === 0;
  beside.clear();
  shown = { key: keyOf(), hits: isFirst ? [] : shown.hits, labels: shown.labels, hasMore: false, isBusy: true };
  $('refine').hidden = false;
  $('state').hidden = true;
  $('more').hidden = true;
  $('filter').removeAttribute('aria-invalid');
  document.body.classList.add('stale');
  const waiting = setTimeout(() => { if (isFirst) $('grid').replaceChildren(...ghosts(10)); }, 150);
  const started = performance.now();
  try {
    const answer = await fetchPart(0, signal);
    if (signal.aborted) return;
    const hits = gather(answer);
    shown = { ...shown, hits, groupCount: answer.hits.length, hasMore: answer.hasMore, next: answer.next, labels: palette(state.q, hits), isBusy: false };
    drawResults(answer, performance.now() - started);
  } catch (error) {
    if (error.name === 'AbortError') return;
    shown = { ...shown, hits: [], isBusy: false };
    drawProblem(error);
  } finally {
    clearTimeout(waiting);
    if (!signal.aborted) document.body.classList.remove('stale');
  }
  drawOpen();
}

function drawResults(answer, elapsed) {
  const browsing = !isAsking();
  const total = inside(collections.find((collection) => collection.name === state.c));
  $('grid').replaceChildren(...withDivider(shown.hits, 0));
  $('notices').replaceChildren(...answer.notices.map((notice) => h('p', { class: 'notice' }, notice)));
  facets.draw($('facets'), answer.facets ?? [], attributesOf(), facets.parse(state.f), (chosen) => go({ f: facets.format(chosen), open: '' }));
  $('heading').hidden = !(browsing && shown.hits.length > 0);
  $('heading').textContent = browsing ? `In ${state.c}${total ? `: ${total}` : ''}` : '';
  $('more').hidden = !shown.hasMore;
  $('summary').textContent = browsing || shown.hits.length === 0 ? ''
    : `${count(answer.candidateCount)} searched, ${means(answer)} · ${Math.round(elapsed)} ms`;
  $('summary').title = $('summary').textContent ? [answer.formula, ...(answer.plans ?? []).flatMap((plan) => [plan.formula && `${plan.side}: ${plan.formula}`, plan.reason])].filter(Boolean).join('\n') : '';
  if (shown.hits.length === 0) drawEmpty(browsing);
  window.scrollTo({ top: 0 });
}

/** How an answer came about: exactly, or by which codes and with what recall. */
function means(answer) {
  const coded = (answer.plans ?? []).filter((plan) => plan.stages.length > 1);
  if (coded.length === 0) return answer.isExact ? 'exactly' : 'approximately';
  return coded.map((plan) => {
    const recall = answer.isExact ? ', exactly' : plan.estimatedRecall ? `, recall ${plan.estimatedRecall.toFixed(2)} measured` : ', approximately';
    return `by ${plan.stages.slice(0, -1).join(' and ')}${recall}`;
  }).join('; ');
}

// Cards, with a line before the first hit that is only near.
function withDivider(hits, before) {
  const unlikely = hits.findIndex((hit) => hit.isLikely === false);
  const cards = hits.map(toCard);
  if (unlikely >= 0 && !(before > 0 && shown.hits[before - 1].isLikely === false)) cards.splice(unlikely, 0, divider(before + unlikely === 0));
  return cards;
}

const toCard = (hit) => card(hit, shown.labels, addressOf({ open: hit.key }), { open: (chosen) => go({ open: chosen.key }), expand, groupSize });

// With one document there is nothing to gather: its pages are hits like others.
const gather = (answer) => (answer.hits.length === 1 && !answer.hasMore
  ? [{ ...answer.hits[0], others: [] }, ...(answer.hits[0].others ?? [])] : answer.hits);

/** Shows the other hits of a document behind its best one. */
function expand(hit) {
  const at = shown.hits.indexOf(hit);
  const others = hit.others ?? [];
  if (at < 0 || others.length === 0) return;
  shown.hits.splice(at, 1, { ...hit, others: [] }, ...others);
  const card = document.querySelector(`#grid li[data-key="${CSS.escape(hit.key)}"]`);
  card?.querySelector('.others')?.remove();
  card?.after(...others.map(toCard));
  card?.nextElementSibling?.querySelector('a')?.focus({ preventScroll: true });
}

async function more() {
  if (shown.isBusy || !shown.hasMore) return;
  shown.isBusy = true;
  const { key } = shown;
  try {
    const answer = await fetchPart(isAsking() ? shown.groupCount : shown.hits.length, abort.signal);
    if (shown.key !== key) return;
    const known = new Set(shown.hits.map((hit) => hit.key));
    const fresh = answer.hits.filter((hit) => !known.has(hit.key));
    const before = shown.hits.length;
    shown.hits.push(...fresh);
    shown.groupCount += answer.hits.length;
    shown.hasMore = answer.hasMore && fresh.length > 0;
    shown.next = answer.next;
    $('grid').append(...withDivider(fresh, before));
    $('more').hidden = !shown.hasMore;
  } catch (error) {
    if (error.name !== 'AbortError') toast(error.message);
  } finally {
    shown.isBusy = false;
  }
}

function drawState(title, text, ...rest) {
  $('grid').replaceChildren();
  $('heading').hidden = true;
  $('more').hidden = true;
  $('summary').textContent = '';
  $('summary').title = '';
  $('state').hidden = false;
  $('state').replaceChildren(h('h2', {}, title), h('p', {}, text), ...rest.filter(Boolean));
}

function drawEmpty(browsing) {
  if (state.filter || state.type || state.f) {
    drawState('Nothing passes the filter', isAsking() ? 'The query may match elsewhere in the collection.' : 'There are other things in the collection.',
      h('button', { class: 'pill', onclick: () => go({ filter: '', type: '', f: '' }) }, 'Remove the filter'));
  } else if (browsing) {
    drawState('This collection is empty', 'Drop pictures, documents or videos anywhere on this page, or index a folder with mvr index.',
      h('button', { class: 'pill strong', onclick: () => panel.open() }, icon('add'), 'Add files'));
  } else if (state.using) {
    drawState('Nothing found on this side', 'Ask both sides: text layers and what is visible in the pictures.', h('button', { class: 'pill', onclick: () => go({ using: '' }) }, 'Ask both'));
  } else {
    drawState('Nothing found', (picture || state.like) && !state.q ? 'No picture comes near this one.' : 'Try fewer words, or another spelling of one of them.');
  }
}

function drawProblem(error) {
  $('notices').replaceChildren();
  if (error.parameter === 'filter') {
    $('filterRow').hidden = false;
    $('filter').setAttribute('aria-invalid', 'true');
    drawState('The filter cannot be read', error.message, h('button', { class: 'pill', onclick: () => go({ filter: '', f: '' }) }, 'Remove the filter'));
    $('filter').focus();
  } else if (error.kind === 'unknown-collection') {
    drawState(`There is no collection “${state.c}”`, 'It may have been deleted or renamed.', collections.length > 0 && h('button', { class: 'pill', onclick: () => go({ c: collections[0].name, open: '' }) }, `Open ${collections[0].name}`));
  } else {
    drawState('That did not work', error.message, h('button', { class: 'pill', onclick: () => { shown.key = null; render(); } }, 'Try again'));
  }
}

function drawNoCollection() {
  $('refine').hidden = true;
  document.body.classList.remove('stale');
  drawState('No collection yet', 'Point mvr index at a folder, or create a collection here and drop files into it.', panel.creation());
}

function drawOpen() {
  if (!state.open) { detail.hide(); return; }
  const hit = shown.hits.find((other) => other.key === state.open) ?? beside.get(state.open);
  if (hit) { detail.show(hit, detailContext()); return; }
  const group = shown.hits.find((best) => best.others?.some((other) => other.key === state.open));
  if (group) { expand(group); drawOpen(); return; }
  if (shown.isBusy) return;

  // An address may name any page, also one that is no hit.
  const key = state.open;
  lookUp(key).then((found) => { if (state.open === key) { if (found) drawOpen(); else detail.hide(); } });
}

// Entries that are no hits, by key: pages before and after one.
const beside = new Map();

async function lookUp(key) {
  try {
    beside.set(key, { ...await api.entry(state.c, key), matches: [], sources: [] });
    return true;
  } catch (error) {
    if (error.status !== 404) toast(error.message);
    return false;
  }
}

function detailContext() {
  return {
    hits: shown.hits, labels: shown.labels, collection: state.c, hasMore: shown.hasMore,
    close() {
      const key = state.open;
      if (history.state?.isOpen) history.back(); else go({ open: '' }, { replace: true });
      requestAnimationFrame(() => document.querySelector(`#grid li[data-key="${CSS.escape(key)}"] a`)?.focus());
    },
    async step(delta) {
      const at = shown.hits.findIndex((hit) => hit.key === state.open) + delta;
      if (at >= shown.hits.length) await more();
      if (at >= 0 && at < shown.hits.length) go({ open: shown.hits[at].key }, { replace: true });
    },
    /** Goes to the page before or after, whether it is a hit or not. */
    async turn(hit, delta) {
      const key = hit.key.replace(/#(page|slide)=\d+$/, `#$1=${hit.page + delta}`);
      const isKnown = shown.hits.some((other) => other.key === key) || beside.has(key);
      if (hit.page + delta >= 1 && (isKnown || await lookUp(key))) go({ open: key }, { replace: true });
      else toast(delta < 0 ? 'This is the first page.' : 'This is the last page.');
    },
    like(hit) { picture = null; go({ like: hit.key, q: '', p: '', open: '', using: '' }); },
    /** Adds a part to the question, or asks by it alone. */
    add(part) { go({ p: parts.format([...parts.parse(state.p), part]), open: '', using: '' }); },
    ask(part) { picture = null; go({ q: '', like: '', p: parts.format([part]), open: '', using: '' }); },
    question: { q: state.q, like: state.like, parts: parts.parse(state.p) },
    // What the parts are called, in the order in which an answer counts them.
    asked: [state.q && `“${state.q}”`, picture && 'the picture', state.like && fileName(state.like), ...parts.parse(state.p).map(parts.nameOf)].filter(Boolean),
  };
}

function searchPicture(file) {
  if (!file.type.startsWith('image/')) { toast(`${file.name || 'That'} is no picture.`); return; }
  picture = file;
  go({ q: '', like: '', p: '', open: '', using: '' });
  shown.key = keyOf() === shown.key ? shown.key : null;
}

async function loadCollections() {
  collections = (await api.collections()).items;
  $('collection').replaceChildren(...collections.map((collection) => h('option', { value: collection.name }, collection.name)));
  $('collection').hidden = collections.length < 2;
  $('openPanel').hidden = collections.length === 0;
  if (!state.c && collections.length > 0) {
    const largest = collections.reduce((a, b) => (b.entryCount > a.entryCount ? b : a));
    state.c = largest.name;
  }
}

function inside(collection) {
  const by = collection?.entriesByType ?? {};
  return ['page', 'image', 'video', 'text', 'record'].filter((type) => by[type]).map((type) => plural(by[type], type)).join(', ');
}

function describe(collection, isBusy) {
  if (!collection) return;
  collections = collections.map((other) => (other.name === collection.name ? collection : other));
  const held = inside(collection) || 'empty';
  $('panelLabel').textContent = isBusy ? 'Indexing…' : 'Collection';
  $('openPanel').title = held;
  $('openPanel').classList.toggle('busy', isBusy);
  $('openPanel').setAttribute('aria-label', `Collection ${collection.name}: ${held}${isBusy ? ', indexing' : ''}`);
}

function askForKey() {
  return new Promise((resolve) => {
    const dialog = $('keyDialog');
    if (!dialog.open) dialog.showModal();
    $('keyForm').onsubmit = async (event) => {
      event.preventDefault();
      try {
        await api.openSession($('key').value);
        dialog.close();
        resolve();
      } catch (error) {
        $('keyError').textContent = error.message;
        $('key').select();
      }
    };
    dialog.oncancel = (event) => event.preventDefault();
  });
}

function listen() {
  $('search').addEventListener('submit', (event) => {
    event.preventDefault();
    const q = $('q').value.trim();

    // With an example beside it, the words say what the hits have to be about as well.
    if (q === state.q) shown.key = null;
    go({ q, open: '' });
  });
  $('brand').addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    picture = null;
    go({ q: '', like: '', p: '', type: '', using: '', filter: '', f: '', sort: '', ask: '', open: '' });
  });
  $('ask').addEventListener('click', () => go({ ask: state.ask ? '' : '1' }));
  $('sort').append(...facets.orders.map(([value, label]) => h('option', { value }, label)));
  $('sort').addEventListener('change', () => go({ sort: $('sort').value, open: '' }));
  facets.listen($('facets'));
  facets.listen($('saved'));
  $('collection').addEventListener('change', () => { go({ c: $('collection').value, like: '', p: '', f: '', open: '' }); panel.refresh(); });
  $('toggleFilter').addEventListener('click', () => {
    const isHidden = !$('filterRow').hidden;
    $('filterRow').hidden = isHidden;
    $('toggleFilter').setAttribute('aria-expanded', String(!isHidden));
    if (!isHidden) $('filter').focus();
  });
  $('filterRow').addEventListener('submit', (event) => { event.preventDefault(); go({ filter: $('filter').value.trim(), open: '' }); });
  $('addPart').addEventListener('click', () => {
    const isHidden = !$('adder').hidden;
    $('adder').hidden = isHidden;
    $('addPart').setAttribute('aria-expanded', String(!isHidden));
    if (!isHidden) $('adder').querySelector('input').focus();
  });
  $('adder').append(parts.adder((part) => go({ p: parts.format([...parts.parse(state.p), part]), open: '' })));
  $('choose').addEventListener('click', () => $('picture').click());
  $('picture').addEventListener('change', () => { if ($('picture').files[0]) searchPicture($('picture').files[0]); $('picture').value = ''; });
  $('openPanel').addEventListener('click', () => panel.open());
  $('moreButton').addEventListener('click', more);
  new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) more(); }, { rootMargin: '800px' }).observe($('more'));
  document.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((item) => item.type.startsWith('image/'));
    if (file && !document.querySelector('dialog[open]')) { event.preventDefault(); searchPicture(file); }
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, select, textarea');
    if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/' && !isTyping) { event.preventDefault(); $('q').focus(); $('q').select(); }
    else if (event.key === 'ArrowDown' && event.target === $('q')) { const first = document.querySelector('#grid .card'); if (first) { event.preventDefault(); first.focus(); } }
    else if (event.key === 'Escape' && event.target === $('q')) $('q').blur();
  });
  window.addEventListener('popstate', () => { state = { ...readAddress(), c: readAddress().c || state.c }; picture = history.state?.hasPicture ? picture : null; $('q').value = state.q; render(); });
  steer($('grid'));
  detail.listen(detailContext);
  listenToDrops();
}

function listenToDrops() {
  const drop = $('drop');
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') && !document.querySelector('dialog[open]') && state.c;
  const end = () => { depth = 0; drop.hidden = true; for (const zone of drop.children) zone.classList.remove('over'); };
  document.addEventListener('dragenter', (event) => { if (hasFiles(event)) { event.preventDefault(); depth += 1; drop.hidden = false; } });
  document.addEventListener('dragleave', () => { depth -= 1; if (depth <= 0) end(); });
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    for (const zone of drop.children) zone.classList.toggle('over', zone === event.target);
  });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const to = event.target.closest?.('.zone')?.dataset.to;
    const files = [...event.dataTransfer.files];
    end();
    if (to === 'add') panel.add(files);
    else if (files[0]) searchPicture(files[0]);
  });
}

async function start() {
  onKeyNeeded(askForKey);
  panel.setUp({
    collection: () => state.c,
    described: describe,
    changed: () => { shown.key = null; render(); },
    created: async (name) => { picture = null; await loadCollections(); go({ c: name, q: '', like: '', p: '', type: '', filter: '', f: '', sort: '', open: '' }); await panel.open(); },
  });
  listen();
  try {
    await loadCollections();
  } catch (error) {
    drawProblem(error);
    return;
  }
  render();
  if (state.c) panel.refresh();
}

start();
