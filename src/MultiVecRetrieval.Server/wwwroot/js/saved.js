// Searches that were kept, in this browser: what was asked of a collection is an address, and its name.
import { h, icon, toast } from './dom.js';

const store = 'mvr.saved';
const most = 50;

function read() {
  try {
    const list = JSON.parse(localStorage.getItem(store) ?? '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one?.name === 'string' && typeof one?.address === 'string' && one.address.startsWith('?')) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    localStorage.setItem(store, JSON.stringify(list.slice(0, most)));
    return true;
  } catch {
    toast('This browser keeps nothing for this page.');
    return false;
  }
}

/** Draws the menu. Current is {name, address} of what is asked now, or null; go(address) asks one that was kept. */
export function draw(box, current, go) {
  const list = read();
  const isOpen = box.open;
  const isKept = current && list.some((one) => one.address === current.address);
  const redraw = () => { draw(box, current, go); box.querySelector('summary').focus(); };
  box.hidden = list.length === 0 && !current;
  box.classList.toggle('kept', Boolean(isKept));
  box.replaceChildren(
    h('summary', { class: 'pill quiet', title: 'Searches that this browser keeps' }, 'Saved'),
    h('ul', {},
      current && !isKept && h('li', {}, h('button', { type: 'button', id: 'save', onclick: () => { if (write([current, ...list])) { toast('Kept in this browser'); redraw(); } } }, h('span', {}, `Keep \u201C${current.name}\u201D`), icon('add'))),
      list.map((one) => h('li', { class: 'saved' },
        h('button', { type: 'button', 'aria-current': String(one.address === current?.address), onclick: () => { box.open = false; go(one.address); } }, h('span', {}, one.name)),
        h('button', { type: 'button', class: 'icon', 'aria-label': `Forget ${one.name}`, onclick: () => { write(list.filter((other) => other !== one)); redraw(); } }, icon('close'))))));
  box.open = isOpen && !box.hidden;
}
