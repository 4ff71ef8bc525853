// The grid of hits: rows of equal height, every place reserved before its picture arrives.
import { clock, fileName, h, icon, isRead, plural, score } from './dom.js';
import { overlay } from './marks.js';

const narrowest = 0.5;
const widest = 2.4;

// A text has no shape of its own: a card wider than high is easy to read.
const textRatio = 1.7;

export const ratio = (hit) => (isRead(hit) ? textRatio : hit.width > 0 && hit.height > 0 ? hit.width / hit.height : 1);

/** A frame with the exact shape of the picture, so that boxes given as shares of it lie where they should. */
export function frame(hit, url, alt, ...layers) {
  const image = h('img', { alt, loading: 'lazy', decoding: 'async', draggable: 'false' });
  const box = h('span', { class: 'frame', vars: { '--true': ratio(hit) } }, image, ...layers);
  image.addEventListener('load', () => image.classList.add('ready'));
  image.addEventListener('error', () => {
    image.classList.add('failed');
    box.append(h('span', { class: 'lost' }, 'No picture: the file may have moved.'));
  });
  image.src = url;
  return box;
}

export function whereOf(hit) {
  if (hit.type === 'page') return partOf(hit) || `p. ${hit.page}`;
  if (hit.type === 'video') return hit.span ? clock(hit.span[0]) : clock(hit.durationSeconds ?? 0);
  if (isRead(hit)) return partOf(hit);
  return '';
}

/** Which part of a text, or which slide: "slide 4", "sheet 2, part 3". */
export function partOf(hit) {
  const [, kind, number, part] = /#(section|slide|sheet)=(\d+)(?:&part=(\d+))?$/.exec(hit.key) ?? [];
  return kind ? `${kind} ${number}${part ? `, part ${part}` : ''}` : '';
}

/** What a text says, in place of a picture. */
const sheet = (hit) => h('span', { class: 'text-sheet', dir: 'auto' }, hit.passage ? passage(hit, 420) : hit.excerpt || 'A text without words');

const spaces = {
  'page-words': ['seen', 'Words seen in the picture'],
  minilm: ['meaning', 'The meaning of its text'],
  photos: ['shown', 'What the picture shows'],
  'photos-alike': ['alike', 'Looks alike'],
};

/** What a side is called, and what it means. */
export function nameSide(name) {
  if (name === 'text') return ['text', 'Words of its text, its name or its tags'];
  if (name === 'duplicate') return ['duplicate', 'The same or nearly the same picture'];
  const space = name.replace(/^vectors:/, '');
  return spaces[space] ?? ['seen', `Found by vectors (${space})`];
}

/** The passage with the words that were asked for marked, rows of a table on lines of their own; a part around the first mark where there is
 * little room. */
export function passage(hit, most = Infinity) {
  const { text, marks, isCutBefore, isCutAfter } = hit.passage;
  const first = marks.length > 0 ? marks[0][0] : 0;
  const start = text.length <= most || first < most / 2 ? 0 : text.lastIndexOf(' ', first - most / 4) + 1;
  const end = Math.min(text.length, start + most);
  const parts = [];
  let at = start;
  for (const [offset, length] of marks) {
    if (offset < at || offset + length > end) continue;
    parts.push(text.slice(at, offset), h('mark', {}, text.slice(offset, offset + length)));
    at = offset + length;
  }
  parts.push(text.slice(at, end));
  return [start > 0 || isCutBefore ? '\u2026 ' : '', ...parts, end < text.length || isCutAfter ? ' \u2026' : ''];
}

export function sides(hit) {
  return h('span', { class: 'sides' }, hit.sources.map((source) => {
    const [name, title] = nameSide(source.name);
    return h('span', { class: 'side', title: `${title}: rank ${source.rank}, score ${score(source.score)}` }, `${name} `, h('b', {}, `#${source.rank}`));
  }));
}

// "3 more pages": what else was found in the document.
function others(hit, { expand, groupSize }) {
  const all = hit.others ?? [];
  if (all.length === 0) return null;
  const kind = hit.type === 'page' ? 'page' : 'part';
  const amount = all.length >= groupSize - 1 ? `${all.length} or more other ${kind}s` : plural(all.length, `more ${kind}`);
  return h('button', { type: 'button', class: 'others', title: all.map(whereOf).filter(Boolean).join(', '), onclick: () => expand(hit) }, amount);
}

/** A hit; the actions are open(hit), expand(hit). */
export function card(hit, labels, address, actions) {
  const alt = hit.type === 'page' ? `Page ${hit.page} of ${fileName(hit.document)}` : fileName(hit.document);
  const shape = Math.min(widest, Math.max(narrowest, ratio(hit)));
  const found = hit.sources?.length > 0;
  const link = h('a', { class: 'card', href: address, onclick: (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    actions.open(hit);
  } },
  h('span', { class: 'thumb' },
    isRead(hit) ? sheet(hit) : frame(hit, hit.thumbnailUrl, alt, found && overlay(hit, labels, 3)),
    hit.type === 'video' && h('span', { class: 'badge' }, icon('play'), whereOf(hit))),
  h('span', { class: 'caption' },
    h('span', { class: 'line' }, h('span', { class: 'doc', title: hit.document }, fileName(hit.document)), h('span', { class: 'at' }, hit.type === 'page' || isRead(hit) ? whereOf(hit) : '')),
    isRead(hit) ? hit.title && h('span', { class: 'line low' }, hit.title) : hit.passage && h('span', { class: 'passage', dir: 'auto' }, passage(hit, 180)),
    // No score: evidence of several sides has no unit that would say something to people, and a side's own stands in its title.
    found && h('span', { class: 'line low' }, sides(hit))));
  const kinds = [isRead(hit) && 'text', hit.isLikely === false && 'unlikely'].filter(Boolean).join(' ');
  return h('li', { vars: { '--ar': shape }, 'data-key': hit.key, class: kinds || null }, link, others(hit, actions));
}

/** Parts the hits that match from those that are only near. */
export const divider = (isFirst) => h('li', { class: 'divider', role: 'separator' },
  isFirst ? 'Nothing here matches. The nearest of what there is:' : 'Nothing says that what follows matches');

/** Empty places while the first answer is on its way. */
export function ghosts(number) {
  return Array.from({ length: number }, (_, i) => h('li', { class: 'ghost', 'aria-hidden': 'true', vars: { '--ar': [0.71, 1.4, 0.71, 0.71, 1.78][i % 5] } },
    h('span', { class: 'thumb' }), h('span', { class: 'caption' })));
}

/** Arrow keys move through the grid by sight: up and down go to the nearest card of the next row. */
export function steer(grid) {
  grid.addEventListener('keydown', (event) => {
    const cards = [...grid.querySelectorAll('.card')];
    const at = cards.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    let to = null;
    if (event.key === 'ArrowRight') to = at + 1;
    else if (event.key === 'ArrowLeft') to = at - 1;
    else if (event.key === 'Home') to = 0;
    else if (event.key === 'End') to = cards.length - 1;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') to = nearest(cards, at, event.key === 'ArrowDown' ? 1 : -1);
    if (to === null) return;
    event.preventDefault();
    cards[Math.max(0, Math.min(cards.length - 1, to))].focus();
  });
}

function nearest(cards, at, direction) {
  const from = cards[at].getBoundingClientRect();
  const centre = from.left + from.width / 2;
  let row = null;
  let best = at;
  let gap = Infinity;
  for (let i = at + direction; i >= 0 && i < cards.length; i += direction) {
    const box = cards[i].getBoundingClientRect();
    if (Math.abs(box.top - from.top) < 4) continue;
    row ??= box.top;
    if (Math.abs(box.top - row) > 4) break;
    const distance = Math.abs(box.left + box.width / 2 - centre);
    if (distance < gap) { gap = distance; best = i; }
  }
  return best;
}
