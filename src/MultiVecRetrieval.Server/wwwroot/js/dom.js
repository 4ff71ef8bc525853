// Building blocks of the page. Text always enters as text nodes, so nothing a file is named can become markup.

export const $ = (id) => document.getElementById(id);

/** Creates an element: h('p', { class: 'a', onclick: f }, 'text', child). Values null and false leave an attribute out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'vars') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

export function toast(text) {
  const box = $('toast');
  box.textContent = text;
  box.classList.add('shown');
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove('shown'), 3200);
}

const whole = new Intl.NumberFormat('en');
export const count = (value) => whole.format(value);
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < units.length - 1) { rest /= 1000; unit += 1; }
  return `${rest < 10 && unit > 0 ? rest.toFixed(1) : Math.round(rest)} ${units[unit]}`;
}

export function clock(seconds) {
  const total = Math.max(0, Math.floor(seconds + 1e-6));
  const parts = [Math.floor(total / 60) % 60, total % 60].map((part, i) => (i ? String(part).padStart(2, '0') : String(part)));
  const hours = Math.floor(total / 3600);
  return hours ? `${hours}:${parts[0].padStart(2, '0')}:${parts[1]}` : parts.join(':');
}

export const score = (value) => {
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size > 0 && size < 0.001 ? value.toExponential(1) : Number(value.toPrecision(3)).toString();
};
export const fileName = (key) => key.split('#')[0].split('/').pop();

/** True for what is read and not seen: a part of a text, or a record of a client. */
export const isRead = (hit) => hit.type === 'text' || hit.type === 'record';
