// Parts of a question beside its words and its picture: more words, entries and regions of them, each a chip with a role and a weight.
import { fileName, h, icon } from './dom.js';

const roles = [['subject', 'and'], ['modifier', 'but'], ['exclude', 'not'], ['context', 'shows'], ['then', 'then']];
const hints = { subject: 'What is looked for, too', modifier: 'How it is to be different', exclude: 'What must not be there', context: 'What the picture shows: "but" changes that', then: 'What comes next: finds videos in which one follows the other' };
const most = 14;
const isKnown = (role) => role === undefined || roles.some(([name]) => name === role);
// The slider shows what is asked: no weight beyond it, and none of 0. Below 0 an answer is to be unlike the part.
const least = (role) => (role === 'exclude' || role === 'then' ? 0.1 : -2);
const largest = (role) => (role === 'exclude' ? 1 : 2);
const weigh = (role, weight) => Math.min(largest(role), Math.max(least(role), weight || 0.1));
const clean = (part) => ({ ...part, weight: weigh(part.role, Number(part.weight ?? 1) || 1) });

/** What a search is asked: parts that follow each other are a sequence. */
export const asBody = (parts) => ({
  parts: parts.map((part) => (part.role === 'then' ? { ...part, role: 'subject' } : part)),
  combine: parts.some((part) => part.role === 'then') ? 'sequence' : undefined,
});

/** Parts of an address; none where it is no list of parts. */
export function parse(text) {
  if (!text) return [];
  try {
    const parts = JSON.parse(text);
    return Array.isArray(parts) ? parts.filter((part) => part && isKnown(part.role) && (typeof part.text === 'string' || typeof part.entry === 'string')).slice(0, most).map(clean) : [];
  } catch {
    return [];
  }
}

export const format = (parts) => (parts.length > 0 ? JSON.stringify(parts) : '');

/** Draws the chips; change is called with the new parts. */
export function draw(container, parts, collection, change) {
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.at : null;
  container.replaceChildren(...parts.map((part, at) => chip(part, at, parts, collection, change)));
  container.hidden = parts.length === 0;
  if (focused) container.querySelector(`[data-at="${focused}"]`)?.focus();
}

function chip(part, at, parts, collection, change) {
  const set = (changes) => change(parts.map((other, i) => (i === at ? { ...other, ...changes } : other)));
  const role = part.role ?? 'subject';
  const weight = part.weight ?? 1;
  const shown = h('output', {}, weight.toFixed(1));
  return h('span', { class: `part ${role}`, role: 'group', 'aria-label': `${roles.find(([name]) => name === role)[1]} ${nameOf(part)}` },
    h('select', { 'aria-label': 'Role', title: hints[role], 'data-at': `role${at}`, onchange: (event) => set({ role: event.target.value, weight: weigh(event.target.value, weight) }) },
      ...roles.map(([value, label]) => h('option', { value, selected: value === role }, label))),
    part.entry && thumbnail(part, collection),
    h('span', { class: 'of', title: nameOf(part) }, nameOf(part)),
    h('input', { type: 'range', min: String(least(role)), max: String(largest(role)), step: '0.1', value: String(weight), 'aria-label': `Weight of ${nameOf(part)}`, title: role === 'exclude' || role === 'then' ? 'How much it counts' : 'How much it counts; below 0: to be unlike it', 'data-at': `weight${at}`,
      oninput: (event) => { shown.value = Number(event.target.value).toFixed(1); }, onchange: (event) => set({ weight: weigh(role, Number(event.target.value)) }) }),
    shown,
    h('button', { type: 'button', class: 'icon', 'aria-label': `Remove ${nameOf(part)}`, onclick: () => change(parts.filter((_, i) => i !== at)) }, icon('close')));
}

const whereIn = (key) => { const [, kind, number] = /#(page|slide)=(\d+)$/.exec(key) ?? []; return kind ? ` ${kind === 'page' ? 'p.' : kind} ${number}` : ''; };

/** What a part is called. */
export const nameOf = (part) => part.text ?? `${part.box ? 'part of ' : ''}${fileName(part.entry)}${whereIn(part.entry)}`;

// The region is shown as the box of the picture that it is.
function thumbnail(part, collection) {
  const time = part.span ? `&time=${(part.span[0] + part.span[1]) / 2}` : '';
  const image = h('img', { alt: '', src: `/v1/collections/${encodeURIComponent(collection)}/picture?size=${part.box ? 320 : 160}&key=${encodeURIComponent(part.entry)}${time}` });
  image.addEventListener('error', () => image.remove());
  if (part.box) image.addEventListener('load', () => cut(image, part.box), { once: true });
  return image;
}

function cut(image, [left, top, right, bottom]) {
  const canvas = document.createElement('canvas');
  const [width, height] = [image.naturalWidth * (right - left), image.naturalHeight * (bottom - top)];
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  canvas.getContext('2d').drawImage(image, image.naturalWidth * left, image.naturalHeight * top, width, height, 0, 0, canvas.width, canvas.height);
  image.replaceWith(canvas);
}

/** The form that adds words. */
export function adder(add) {
  const role = h('select', { 'aria-label': 'Role' }, ...roles.map(([value, label]) => h('option', { value }, label)));
  const text = h('input', { 'aria-label': 'More words', placeholder: 'more words', maxlength: '400', spellcheck: 'false' });
  return h('form', { class: 'adder', onsubmit: (event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    add({ text: text.value.trim(), role: role.value, weight: 1 });
    text.value = '';
  } }, role, text, h('button', { class: 'icon', 'aria-label': 'Add to the question' }, icon('add')));
}
