// A region drawn over a picture with the mouse, a pen or a finger.
import { h } from './dom.js';

const least = 0.02;

/** Lets a box be drawn over a frame. done gets [left, top, right, bottom] as shares; returns a function that ends the drawing. */
export function drawRegion(frame, done) {
  const box = h('span', { class: 'region', hidden: true });
  const layer = h('span', { class: 'drawing', role: 'img', 'aria-label': 'Drag a box over what you mean' }, box);
  let start = null;
  const at = (event) => {
    const bounds = layer.getBoundingClientRect();
    return [(event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height].map((share) => Math.min(1, Math.max(0, share)));
  };
  const between = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const place = ([left, top, right, bottom]) => {
    box.hidden = false;
    box.style.left = `${left * 100}%`;
    box.style.top = `${top * 100}%`;
    box.style.width = `${(right - left) * 100}%`;
    box.style.height = `${(bottom - top) * 100}%`;
  };
  layer.addEventListener('pointerdown', (event) => { start = at(event); layer.setPointerCapture(event.pointerId); event.preventDefault(); });
  layer.addEventListener('pointermove', (event) => { if (start) place(between(start, at(event))); });
  layer.addEventListener('pointerup', (event) => {
    if (!start) return;
    const drawn = between(start, at(event)).map((share) => Number(share.toFixed(4)));
    start = null;
    if (drawn[2] - drawn[0] >= least && drawn[3] - drawn[1] >= least) done(drawn);
    else box.hidden = true;
  });
  layer.addEventListener('click', (event) => event.stopPropagation());
  frame.append(layer);
  return () => layer.remove();
}
