// What hits can be narrowed down by: the values of their fields with counts, and the order they stand in.
import { count, h, icon } from './dom.js';

/** The fields that are counted, and what people call them. */
const fields = [['year', 'Year'], ['tags', 'Tag'], ['keywords', 'Keyword'], ['camera', 'Camera'], ['author', 'Author'], ['folder', 'Folder'], ['extension', 'Format']];

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** The fields of a collection: those of files, and the attributes that somebody named. */
const fieldsOf = (attributes) => [...attributes.map((name) => [`attribute.${name}`, capital(name)]), ...fields];

export const names = (attributes) => fieldsOf(attributes).map(([field]) => field).join(',');

/** Orders by what the address says; without one the best come first. */
export const orders = [['', 'Best first'], ['date desc', 'Newest files'], ['date', 'Oldest files'], ['taken desc', 'Latest photographs'], ['taken', 'Earliest photographs'], ['path', 'By name']];

/** What was chosen, as the address keeps it: a list of {l: label, f: filter}. */
export function parse(text) {
  try {
    const list = JSON.parse(text || '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one?.f === 'string' && typeof one?.l === 'string') : [];
  } catch {
    return [];
  }
}

export const format = (chosen) => (chosen.length > 0 ? JSON.stringify(chosen) : '');

const labelOf = (value) => (value === '' ? '(top)' : String(value));

/** Draws a menu for each field with more than one value, and a pill for each value that was chosen. */
export function draw(box, facets, attributes, chosen, change) {
  const open = new Set([...box.querySelectorAll('details[open]')].map((details) => details.dataset.field));
  const menus = fieldsOf(attributes).flatMap(([field, name]) => {
    const facet = facets.find((one) => one.field === field);
    const values = (facet?.values ?? []).filter((value) => !chosen.some((one) => one.f === value.filter));
    if (values.length + (facet?.otherCount ?? 0) < 2) return [];
    return [menu(field, name, values, facet.otherCount, open.has(field), (value) => change([...chosen, { l: `${name}: ${labelOf(value.value)}`, f: value.filter }]))];
  });
  const pills = chosen.map((one) => h('button', { type: 'button', class: 'pill on', 'aria-label': `Remove ${one.l}`, onclick: () => change(chosen.filter((other) => other !== one)) }, one.l, icon('close')));
  box.hidden = menus.length + pills.length === 0;
  box.replaceChildren(...pills, ...menus);
}

function menu(field, name, values, otherCount, isOpen, choose) {
  return h('details', { class: 'facet', 'data-field': field, open: isOpen },
    h('summary', { class: 'pill quiet' }, name),
    h('ul', {},
      values.map((value) => h('li', {}, h('button', { type: 'button', onclick: () => choose(value) }, h('span', {}, labelOf(value.value)), h('small', {}, count(value.count))))),
      otherCount > 0 && h('li', { class: 'rest' }, `and ${count(otherCount)} more`)));
}

/** Closes the menus that the pointer or the keyboard left. */
export function listen(box) {
  const close = (except) => { for (const details of [box, ...box.querySelectorAll('details')]) if (details !== except) details.open = false; };
  document.addEventListener('pointerdown', (event) => close(event.target.closest?.('details.facet')));
  box.addEventListener('focusin', (event) => close(event.target.closest('details.facet')));
  box.addEventListener('keydown', (event) => {
    const details = event.target.closest('details[open]');
    if (event.key === 'Escape' && details) { details.open = false; details.querySelector('summary').focus(); }
  });
}
