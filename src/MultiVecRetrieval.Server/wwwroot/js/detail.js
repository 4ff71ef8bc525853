// One hit, large: the picture with what matched, word by word; a video at its moment.
import { api } from './api.js';
import { $, clock, fileName, h, icon, isRead, score, toast } from './dom.js';
import { frame, nameSide, partOf, passage } from './grid.js';
import { colourOf, isOfTheWhole, moments, overlay, summarize } from './marks.js';
import { drawRegion } from './region.js';

const dialog = $('detail');
const isPdf = (hit) => hit.contentType === 'application/pdf';
const hiddenWords = new Set();
let turnPage = null;

/** Shows a hit. The context has hits, labels, collection, and the callbacks step(delta), turn(hit, delta), close(), like(hit). */
export function show(hit, context) {
  const wasOpen = dialog.open;
  endDrawing = null;
  heatAt = -1;
  const at = context.hits.findIndex((other) => other.key === hit.key);
  const found = (hit.matches?.length ?? 0) > 0;
  const marks = found ? overlay(hit, context.labels) : h('span', { class: 'marks' });
  const view = h('div', { class: 'view' });
  const player = hit.type === 'video' ? playerOf(hit, marks, context) : null;
  if (player) view.append(player.box);
  else if (isRead(hit)) view.append(reading(hit, context));
  else view.append(stillOf(hit, marks, view));

  const words = found ? summarize(hit, context.labels) : [];
  const step = (name, delta, enabled, label) => h('button', { class: `step ${name}`, 'aria-label': label, title: label, disabled: !enabled, onclick: () => context.step(delta) }, icon(delta < 0 ? 'left' : 'right'));
  dialog.replaceChildren(
    h('div', { class: 'stage' }, view, player?.track ?? null,
      at >= 0 && step('prev', -1, at > 0, 'Previous hit'), at >= 0 && step('next', 1, at < context.hits.length - 1 || context.hasMore, 'Next hit')),
    h('aside', { class: 'aside' },
      h('header', {},
        h('div', {}, h('h2', { id: 'detailTitle' }, hit.title || fileName(hit.document)), h('p', { class: 'path' }, hit.document)),
        h('button', { class: 'icon', id: 'closeDetail', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => context.close() }, icon('close'))),
      hit.passage && !isRead(hit) && h('section', {}, h('h3', {}, 'What it says'), h('p', { class: 'passage', dir: 'auto' }, passage(hit))),
      hit.type === 'page' && pager(hit, context),
      facts(hit, context),
      words.length > 0 && legend(hit, words, context, () => paint(marks, player)),
      player?.list ?? null,
      h('div', { class: 'actions' },
        h('button', { class: 'pill', onclick: () => context.like(hit) }, icon('like'), 'More like this'),
        !isRead(hit) && h('button', { class: 'pill', id: 'markRegion', 'aria-pressed': 'false', title: 'Draw a box, then search by what is in it', onclick: () => markRegion(hit, view, player, context) }, icon('region'), 'Mark a region'),
        !isRead(hit) && askedOf(context).length > 0 && h('button', { class: 'pill', id: 'heat', 'aria-pressed': 'false', title: 'How similar each place is to the question', onclick: () => toggleHeat(hit, view, player, context) }, icon('heat'), 'Heat map'),
        hit.type !== 'record' && h('a', { class: 'pill', href: hit.fileUrl + (isPdf(hit) ? `#page=${hit.page}` : ''), target: '_blank', rel: 'noopener' }, icon('open'), isPdf(hit) ? 'Open the PDF' : 'Open the file'),
        h('button', { class: 'pill', id: 'copyText', onclick: () => copyText(hit, context) }, icon('copy'), 'Copy text'),
        h('button', { class: 'pill', onclick: copyLink }, icon('link'), 'Copy link')),
      h('p', { class: 'keys' }, h('kbd', {}, '←'), ' ', h('kbd', {}, '→'), ' other hits · ',
        hit.type === 'page' && [h('kbd', {}, 'PgUp'), ' ', h('kbd', {}, 'PgDn'), ' other pages · '], h('kbd', {}, 'Z'), ' zoom · ', h('kbd', {}, 'Esc'), ' close')));
  paint(marks, player);
  turnPage = hit.type === 'page' ? (delta) => context.turn(hit, delta) : null;
  if (!wasOpen) dialog.showModal();
  $('closeDetail').focus({ preventScroll: true });
}

export function hide() {
  dialog.querySelector('video')?.pause();
  if (dialog.open) dialog.close();
  dialog.replaceChildren();
}

/** Wires the keys once. */
export function listen(context) {
  dialog.addEventListener('cancel', (event) => { event.preventDefault(); context().close(); });
  dialog.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === 'VIDEO') return;
    if (event.key === 'ArrowRight') context().step(1);
    else if (event.key === 'ArrowLeft') context().step(-1);
    else if (turnPage && event.key === 'PageDown') turnPage(1);
    else if (turnPage && event.key === 'PageUp') turnPage(-1);
    else if (event.key === 'z' || event.key === 'Z') zoom(dialog.querySelector('.view'));
    else return;
    event.preventDefault();
  });
}

function stillOf(hit, marks, view) {
  const alt = hit.type === 'page' ? `Page ${hit.page} of ${fileName(hit.document)}` : fileName(hit.document);
  const box = frame(hit, hit.pictureUrl, alt, marks);
  box.style.backgroundImage = `url("${hit.thumbnailUrl}")`;
  box.querySelector('img').loading = 'eager';
  box.addEventListener('click', (event) => zoom(view, event));
  return box;
}

let endDrawing = null;

// A box that is drawn becomes a question of its own, or joins the one that was asked.
function markRegion(hit, view, player, context) {
  const button = $('markRegion');
  const isOn = endDrawing === null;
  endDrawing?.();
  endDrawing = null;
  view.querySelector('.choice')?.remove();
  button.setAttribute('aria-pressed', String(isOn));
  if (!isOn) return;
  view.classList.remove('zoomed');
  const span = player && hit.span ? spanAt(hit, shownTime(hit, player)) : undefined;
  endDrawing = drawRegion(view.querySelector('.frame'), (box) => {
    view.querySelector('.choice')?.remove();
    const part = { entry: hit.key, box, span, role: 'subject', weight: 1 };
    const choose = (label, act) => h('button', { class: 'pill', onclick: () => { endDrawing = null; act(); } }, label);
    const choice = h('div', { class: 'choice', role: 'group', 'aria-label': 'Search by the region' },
      choose('Search this', () => context.ask(part)),
      askedOf(context).length > 0 && choose('Add: and this', () => context.add(part)),
      askedOf(context).length > 0 && choose('Add: not this', () => context.add({ ...part, role: 'exclude' })));
    view.append(choice);
    choice.querySelector('button').focus({ preventScroll: true });
  });
}

// A video that this browser cannot play is shown by the frame of its moment.
const shownTime = (hit, { video }) => (video.isConnected && video.readyState > 0 ? video.currentTime : hit.span ? (hit.span[0] + hit.span[1]) / 2 : 0);

// The moment that is shown, around what is on the screen.
const spanAt = (hit, time) => (time >= hit.span[0] && time <= hit.span[1] ? hit.span : [Math.max(0, time - 0.5), time + 0.5]);

// What a heat map can be made of: words and entries.
function askedOf({ question }) {
  const wanted = question.parts.filter((part) => part.role !== 'exclude' && !part.box);
  return [question.q && { text: question.q }, question.like && { entry: question.like }, ...wanted].filter(Boolean);
}

let heatAt = -1;

// One part after the other, then none.
function toggleHeat(hit, view, player, context) {
  const asked = askedOf(context);
  view.querySelector('.heat')?.remove();
  heatAt = heatAt + 1 < asked.length ? heatAt + 1 : -1;
  $('heat').setAttribute('aria-pressed', String(heatAt >= 0));
  $('heat').lastChild.textContent = heatAt < 0 ? 'Heat map' : `Heat: ${asked[heatAt].text ?? fileName(asked[heatAt].entry)}`;
  if (heatAt < 0) return;
  const { text, entry } = asked[heatAt];
  const image = h('img', { class: 'heat ready', alt: `Heat map of ${text ?? entry}`, src: api.heatMapUrl(hit, context.collection, text, entry, player ? shownTime(hit, player) : undefined) });
  image.addEventListener('error', () => { image.remove(); toast('No model keeps several places of this that it compares with that.'); });
  view.querySelector('.frame').append(image);
}

// The whole text, with the passage that matched in sight. It is of untrusted files and stays text.
function reading(hit, context) {
  const page = h('article', { class: 'reading', dir: 'auto', tabindex: '0', 'aria-label': `Text of ${fileName(hit.document)}` }, hit.excerpt ?? '');
  api.entry(context.collection, hit.key).then((entry) => {
    const text = entry.text ?? '';
    const found = hit.passage && findPassage(text, hit.passage.text);
    if (!found) { page.textContent = text || 'A text without words'; return; }
    const mark = h('span', { class: 'found' }, marked(text.slice(...found), hit.passage));
    page.replaceChildren(text.slice(0, found[0]), mark, text.slice(found[1]));
    mark.scrollIntoView({ block: 'center' });
  }, (error) => { page.textContent = error.message; });
  return page;
}

// A passage has its words with single spaces between them, or with none in writing that knows no spaces.
function findPassage(text, sought) {
  const letters = [...sought].filter((letter) => !/\s/.test(letter));
  for (let start = text.indexOf(letters[0]); letters.length > 0 && start >= 0; start = text.indexOf(letters[0], start + 1)) {
    let at = start;
    let matched = 0;
    while (matched < letters.length && at < text.length) {
      if (/\s/.test(text[at])) { at += 1; continue; }
      if (!text.startsWith(letters[matched], at)) break;
      at += letters[matched].length;
      matched += 1;
    }
    if (matched === letters.length) return [start, at];
  }
  return null;
}

// The words that were asked for, in their order.
function marked(text, { text: passageText, marks }) {
  const parts = [];
  let at = 0;
  for (const [offset, length] of marks) {
    const word = passageText.slice(offset, offset + length);
    const next = text.indexOf(word, at);
    if (next < 0) continue;
    parts.push(text.slice(at, next), h('mark', {}, word));
    at = next + word.length;
  }
  return [...parts, text.slice(at)];
}

// Zooms to where the pointer is, or to the best match.
function zoom(view, event) {
  const box = view?.querySelector('.frame');
  if (!box || box.querySelector('video')) return;
  const target = box.querySelector('.mk:not(.off)');
  const before = box.getBoundingClientRect();
  const x = event ? (event.clientX - before.left) / before.width : target ? parseFloat(target.style.left) / 100 : 0.5;
  const y = event ? (event.clientY - before.top) / before.height : target ? parseFloat(target.style.top) / 100 : 0.3;
  if (view.classList.toggle('zoomed')) {
    view.scrollLeft = x * box.clientWidth - view.clientWidth / 2;
    view.scrollTop = y * box.clientHeight - view.clientHeight / 2;
  }
}

// The pages around it, which may say what the hit began.
function pager(hit, context) {
  const turn = (delta, label) => h('button', { class: 'icon', 'aria-label': label, title: label, disabled: delta < 0 && hit.page <= 1, onclick: () => context.turn(hit, delta) }, icon(delta < 0 ? 'left' : 'right'));
  return h('p', { class: 'pager' }, turn(-1, 'Page before'), h('span', {}, `Page ${hit.page}`), turn(1, 'Page after'));
}

// With several parts a side says which of them it answers.
function facts(hit, { asked = [] }) {
  const rows = [];
  if (hit.type === 'video') rows.push(...(hit.span ? [['Moment', `${clock(hit.span[0])} to ${clock(hit.span[1])}`]] : []), ['Length', clock(hit.durationSeconds ?? 0)]);
  if (isRead(hit)) rows.push(['Part', partOf(hit)]);
  if (hit.type === 'image') rows.push(['Size', `${hit.width} × ${hit.height}`]);
  if (hit.rank) rows.push(['Rank', String(hit.rank)]);
  for (const source of hit.sources ?? []) {
    const [name, title] = nameSide(source.name);
    rows.push([asked.length > 1 ? `${title}: ${asked[source.part] ?? ''}` : title, `#${source.rank} (${score(source.score)})`, name]);
  }
  return h('dl', { class: 'facts' }, rows.flatMap(([name, value, title]) => [h('dt', { title }, name), h('dd', {}, value)]));
}

function legend(hit, words, context, repaint) {
  const present = words.filter((word) => word.isLikely);
  const doubtful = words.filter((word) => !word.isLikely && word.vectors !== null);
  const absent = absentOf(hit, words, context);
  return h('section', {}, h('h3', {}, 'What matched'),
    h('ul', { class: 'words' }, present.map((word) => {
      const button = h('button', {
        class: `word ${colourOf(context.labels, word.label)}`, 'aria-pressed': String(!hiddenWords.has(word.key)), 'data-word': word.key,
        title: 'Show or hide where this word matched',
        onclick: () => {
          if (!hiddenWords.delete(word.key)) hiddenWords.add(word.key);
          button.setAttribute('aria-pressed', String(!hiddenWords.has(word.key)));
          repaint();
        },
      },
      h('span', { class: 'dot' }),
      h('span', { class: 'lab' }, word.label, word.text > 0 && h('small', {}, word.text > 1 ? `text ×${word.text}` : 'text')),
      h('span', { class: 'bar' }, h('i', { vars: { width: `${Math.max(0, Math.min(1, word.vectors ?? 0)) * 100}%` } })),
      h('span', { class: 'val', title: 'Similarity of the best match' }, word.vectors === null ? '–' : word.vectors.toFixed(2)));
      return h('li', {}, button);
    })),
    doubtful.length > 0 && h('p', { class: 'doubtful' }, `Perhaps here, not sure: ${doubtful.map((word) => `${word.label} (${word.vectors.toFixed(2)})`).join(', ')}`),
    absent.map(([title, labels]) => h('p', { class: 'absent' }, `${title}: ${labels.join(', ')}`)));
}

// Words that say nothing by themselves; nobody misses them.
const small = new Set('a an and are as at be by do does for from how i in is it of on or that the this to was were what when where which who why with'.split(' '));

// Words of the query that do not stand here; a label of several is the query as a whole. What was found by its meaning or by what it shows is found for all that, and some of them may
// stand in another part of the document.
function absentOf(hit, words, context) {
  const missing = words.filter((word) => !word.isLikely && word.vectors === null && !isOfTheWhole(word.key) && !word.key.includes(' ') && !small.has(word.key));
  const others = [...(hit.others ?? []), ...context.hits.filter((other) => other.document === hit.document && other.key !== hit.key)];
  const elsewhere = new Set(others.flatMap((other) => other.matches).filter((match) => match.isLikely).map((match) => match.label.toLowerCase()));
  const isFoundOtherwise = hit.matches.some((match) => match.isLikely && isOfTheWhole(match.label));
  const labelsOf = (list) => list.map((word) => word.label);
  return [
    [`In other ${hit.type === 'page' ? 'pages' : 'parts'} of it`, labelsOf(missing.filter((word) => elsewhere.has(word.key)))],
    [isFoundOtherwise ? 'Not in these words' : 'Not found here', labelsOf(missing.filter((word) => !elsewhere.has(word.key)))],
  ].filter(([, labels]) => labels.length > 0);
}

// A mark shows when its word is on and, in a video, while its moment plays.
function paint(marks, player) {
  const time = player?.video.currentTime;
  for (const mark of marks.children) {
    mark.classList.toggle('off', hiddenWords.has(mark.dataset.label));
    mark.classList.toggle('away', player !== null && mark.dataset.start !== undefined && !(time >= mark.dataset.start - 0.05 && time < Number(mark.dataset.end) + 0.05));
  }
  for (const tick of dialog.querySelectorAll('.tick')) tick.classList.toggle('off', hiddenWords.has(tick.dataset.label));
}

function playerOf(hit, marks, context) {
  const start = hit.span ? hit.span[0] : 0;
  const video = h('video', { controls: true, playsinline: true, muted: true, preload: 'metadata', poster: hit.pictureUrl, src: `${hit.fileUrl}#t=${start}`, 'aria-label': `${fileName(hit.document)} at ${clock(start)}` });
  const box = h('span', { class: 'frame', vars: { '--true': hit.width / hit.height || 16 / 9 } }, video, marks);
  const seek = (time) => { video.currentTime = time; video.focus({ preventScroll: true }); };
  video.addEventListener('error', () => {
    video.remove();
    box.prepend(h('img', { class: 'ready', src: hit.pictureUrl, alt: `${fileName(hit.document)} at ${clock(start)}` }));
    toast(`This browser cannot play ${hit.contentType}; the frame of the moment is shown.`);
  });

  const spans = moments(hit);
  const length = hit.durationSeconds || video.duration || 1;
  const head = h('span', { class: 'head' });
  const ticks = spans.flatMap((moment) => {
    const names = [...moment.words.entries()];
    return names.map(([key, label], i) => {
      const tick = h('button', { class: `tick ${colourOf(context.labels, label)}${moment.isLikely ? '' : ' doubt'}`, 'data-label': key, title: `${clock(moment.start)} ${moment.isLikely ? '' : 'perhaps '}${label}`, 'aria-label': `Go to ${clock(moment.start)}: ${label}`, onclick: () => seek(moment.start) });
      tick.style.left = `${(moment.start / length) * 100}%`;
      tick.style.width = `${Math.max(0.4, ((moment.end - moment.start) / length) * 100)}%`;
      tick.style.top = `${6 + (34 * i) / names.length}px`;
      tick.style.bottom = 'auto';
      tick.style.height = `${Math.max(5, 34 / names.length - 1)}px`;
      return tick;
    });
  });
  // Parts that follow each other have a stretch each, in their order; else there are stretches of the question as a whole, best first.
  const events = hit.events ?? [];
  const bands = (events.length > 0 ? events : hit.moments ?? []).map((moment, i) => {
    const [from, to] = moment.span;
    const name = events.length > 0 ? `event ${i + 1}` : 'the moment';
    const band = h('button', { class: `band${i === 0 || events.length > 0 ? ' first' : ''}`, title: `${events.length > 0 ? `${i + 1}: ` : ''}${clock(from)} to ${clock(to)}`, 'aria-label': `Go to ${name} from ${clock(from)} to ${clock(to)}`, onclick: () => seek(from) });
    band.style.left = `${(from / length) * 100}%`;
    band.style.width = `${Math.max(0.4, ((to - from) / length) * 100)}%`;
    return band;
  });
  const track = h('div', { class: 'track', role: 'group', 'aria-label': 'Matching moments' }, bands, ticks, head);
  const [asked] = askedOf(context);
  if (asked) drawScores(track, hit, asked, length, context);
  const onTime = () => { head.style.left = `${(video.currentTime / length) * 100}%`; paint(marks, self); };
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(name, onTime);
  const best = [...spans].sort((a, b) => b.weight - a.weight).slice(0, 6).sort((a, b) => a.start - b.start);
  const list = best.length > 0 && h('section', {}, h('h3', {}, 'Moments'), h('div', { class: 'moments' }, best.map((moment) => h('button', {
    onclick: () => seek(moment.start), 'aria-label': `Go to ${clock(moment.start)}: ${[...moment.words.values()].join(', ')}`,
  }, h('img', { alt: '', loading: 'lazy', src: api.pictureUrl(hit, context.collection, 320, ((moment.start + moment.end) / 2).toFixed(3)) }), clock(moment.start)))));
  const self = { box, track, list, video };
  return self;
}

// How well each moment meets the question, over the whole video: the space that knows most moments says so.
async function drawScores(track, hit, asked, length, context) {
  let maps = [];
  try { ({ maps } = await api.heatMaps(context.collection, hit.key, asked)); } catch { return; }
  const curves = maps.map((map) => ({ presence: map.presence, points: pointsOf(map.cells) })).filter(({ points }) => points.length > 2);
  const [curve] = curves.sort((a, b) => b.points.length - a.points.length);
  if (!curve || !track.isConnected) return;
  const values = curve.points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values, curve.presence ?? -1)];
  const y = (value) => (high > low ? 1 - (0.9 * (value - low)) / (high - low) : 1).toFixed(4);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const draw = (attributes) => { const path = document.createElementNS(svg.namespaceURI, 'path'); for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, value); svg.append(path); };
  svg.setAttribute('viewBox', `0 0 ${length} 1`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'strip');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `Similarity to ${asked.text ?? fileName(asked.entry)} over time, highest at ${clock(curve.points.find(([, value]) => value === Math.max(...values))[0])}`);
  draw({ d: `M0 1${curve.points.map(([time, value]) => `L${time.toFixed(2)} ${y(value)}`).join('')}L${length} 1Z` });
  if (curve.presence && curve.presence >= low) draw({ class: 'line', d: `M0 ${y(curve.presence)}H${length}` });
  track.prepend(svg);
}

// The best place of each moment, in the order of time.
function pointsOf(cells) {
  const best = new Map();
  for (const { span, similarity } of cells) {
    if (!span) continue;
    const time = (span[0] + span[1]) / 2;
    best.set(time, Math.max(best.get(time) ?? -1, similarity));
  }
  return [...best].sort(([a], [b]) => a - b);
}

async function copyText(hit, context) {
  try {
    const { text } = await api.entry(context.collection, hit.key);
    if (!text) { toast('No text is stored of it.'); return; }
    await navigator.clipboard.writeText(text);
    toast('Text copied');
  } catch (error) {
    toast(error.status ? error.message : 'The browser does not allow copying here.');
  }
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast('Link copied');
  } catch {
    toast('The browser does not allow copying here; the address bar has the link.');
  }
}

