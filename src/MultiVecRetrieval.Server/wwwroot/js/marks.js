// Where a hit matched: colours of query words, and boxes over pictures.
import { h } from './dom.js';

const colours = 6;
// Boxes of vectors fade in between the two; models that say themselves what is likely lie above the first.
const weak = 0.4;
const sure = 0.8;

/** Gives every label its colour: query words in their order, then whatever else matched. */
export function palette(text, hits) {
  const labels = new Map();
  const add = (label) => {
    const key = label.toLowerCase();
    if (key && !labels.has(key)) labels.set(key, { label, index: labels.size % colours });
  };
  const matched = new Map();
  for (const hit of hits) for (const match of hit.matches) matched.set(match.label.toLowerCase(), match.label);
  const words = (text ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  for (const word of words) if (matched.has(word)) add(matched.get(word));
  for (const label of matched.values()) add(label);
  for (const word of words) if (![...labels.keys()].some((key) => key.includes(word) || word.includes(key))) add(word);
  return labels;
}

export const colourOf = (labels, label) => `c${labels.get(label.toLowerCase())?.index ?? 0}`;
// A duplicate has a similarity as a vector match has; only the text layer counts words.
export const sideOf = (source) => (source === 'text' ? 'text' : 'vectors');
/** True for what matched the query as a whole, not one word of it: the meaning of a section, what a picture shows. */
export const isOfTheWhole = (label) => label === 'meaning' || label === 'shown';
// A whole section, or a whole picture, is framed thinly: what it frames is to be read.
const isWide = (match) => isOfTheWhole(match.label);
const isDrawn = (match, withDoubtful) => (match.isLikely ? sideOf(match.source) === 'text' || match.similarity >= weak : withDoubtful);

/** Boxes of the matches that have one, as an overlay for a frame: on small pictures the best few of each label, none that are doubtful. */
export function overlay(hit, labels, limit = Infinity) {
  const layer = h('span', { class: 'marks', 'aria-hidden': 'true' });
  const shown = new Map();
  for (const match of hit.matches) {
    if ((!match.box && !match.places) || !isDrawn(match, limit === Infinity)) continue;
    const label = match.label.toLowerCase();
    const key = `${label} ${sideOf(match.source)}`;
    const already = shown.get(key) ?? 0;
    if (already >= limit) continue;
    shown.set(key, already + 1);
    // A merged vector stands for several places, nearest first; on a small picture the nearest few say enough.
    for (const place of (match.places ?? [match]).filter((one) => one.box).slice(0, limit === Infinity ? 400 : 4)) layer.append(markOf(match, place, labels));
  }
  return layer;
}

function markOf(match, place, labels) {
  const [left, top, right, bottom] = place.box;
  const mark = h('span', { class: `mk ${sideOf(match.source)} ${colourOf(labels, match.label)}${isWide(match) ? ' wide' : ''}${match.isLikely ? '' : ' doubt'}`, title: match.isLikely ? match.label : `perhaps ${match.label}` });
  mark.style.left = `${left * 100}%`;
  mark.style.top = `${top * 100}%`;
  mark.style.width = `${(right - left) * 100}%`;
  mark.style.height = `${(bottom - top) * 100}%`;
  if (sideOf(match.source) === 'vectors' && match.isLikely) mark.style.opacity = String(Math.min(1, 0.35 + 0.65 * (match.similarity - weak) / (sure - weak)));
  mark.dataset.label = match.label.toLowerCase();
  if (place.span) [mark.dataset.start, mark.dataset.end] = place.span;
  return mark;
}

/** What matched, word by word: the best similarity of each side, and whether it is likely at all. */
export function summarize(hit, labels) {
  const words = new Map([...labels.entries()].map(([key, { label }]) => [key, { key, label, vectors: null, text: 0, isLikely: false }]));
  for (const match of hit.matches) {
    const word = words.get(match.label.toLowerCase());
    if (!word) continue;
    word.isLikely ||= match.isLikely;
    if (sideOf(match.source) === 'vectors') word.vectors = Math.max(word.vectors ?? -1, match.similarity);
    else word.text += 1;
  }
  return [...words.values()];
}

/** Moments of a video that matched, in time order, neighbours with the same words joined. */
export function moments(hit) {
  const spans = new Map();
  for (const match of hit.matches) {
    if (!match.span) continue;
    const key = match.span.join('-');
    const moment = spans.get(key) ?? { start: match.span[0], end: match.span[1], words: new Map(), weight: 0, isLikely: false };
    moment.words.set(match.label.toLowerCase(), match.label);
    moment.weight += match.similarity;
    moment.isLikely ||= match.isLikely;
    spans.set(key, moment);
  }
  return [...spans.values()].sort((a, b) => a.start - b.start || b.weight - a.weight);
}
