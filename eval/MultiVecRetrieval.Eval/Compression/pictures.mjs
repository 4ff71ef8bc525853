// Renders the icons of an iconify set: node pictures.mjs SET FROM OUT. Appends records of an int32 (position in the set) and
// 72 x 72 x 3 bytes on white; the renderer aborts on some drawings, so the caller starts again behind the last position tried,
// which stands in OUT.at.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const side = 72;
const [set, from, out] = process.argv.slice(2);
const require = createRequire(process.cwd() + '/');
const { Resvg } = require('@resvg/resvg-js');
const icons = JSON.parse(readFileSync(require.resolve(`@iconify-json/${set}/icons.json`)));
Object.keys(icons.icons).forEach((name, position) => {
  if (position < Number(from)) return;
  writeFileSync(out + '.at', String(position));
  const icon = icons.icons[name];
  const [width, height] = [icon.width ?? icons.width ?? 16, icon.height ?? icons.height ?? 16];
  const box = `${icon.left ?? 0} ${icon.top ?? 0} ${width} ${height}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}" width="${side}" height="${side}" color="black">${icon.body}</svg>`;
  let image;
  try {
    image = new Resvg(svg, { fitTo: { mode: 'width', value: side }, background: 'white', font: { loadSystemFonts: false } }).render();
  } catch {
    return;
  }
  if (image.width !== side || image.height !== side) return;
  const record = Buffer.alloc(4 + side * side * 3, 255);
  record.writeInt32LE(position);
  const pixels = image.pixels; // a copy at every call
  for (let i = 0; i < side * side; i++) pixels.copy(record, 4 + i * 3, i * 4, i * 4 + 3);
  appendFileSync(out, record);
});
writeFileSync(out + '.at', 'end');
