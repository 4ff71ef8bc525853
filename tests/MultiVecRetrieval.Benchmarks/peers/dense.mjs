// Builds a USearch index over the vectors of an .fvecs file and searches query files at a sweep of its expansion, on one thread.
//   node dense.mjs <f32|i8> <connectivity> <expansion> <k> <base.fvecs> (<queries.fvecs> <truth.ivecs>)...
// Prints lines of JSON: one about the build, then one per expansion and query file. Times are processor time of the process.
import { openSync, readSync, closeSync, statSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";

const usearch = createRequire(import.meta.url)("usearch");
const [quantization, connectivityText, expansionText, kText, base, ...files] = process.argv.slice(2);
const connectivity = Number(connectivityText);
const k = Number(kText);

function open(path) {
  const file = openSync(path, "r");
  const head = new Int32Array(1);
  readSync(file, head, 0, 4, 0);
  const width = head[0];
  const stride = 4 + 4 * width;
  return { width, count: statSync(path).size / stride, read: (first, count) => {
    const bytes = new Uint8Array(count * stride);
    readSync(file, bytes, 0, bytes.length, first * stride);
    return bytes;
  }, close: () => closeSync(file), stride };
}

function rows(source, first, count, Type) {
  const bytes = source.read(first, count);
  const values = new Type(count * source.width);
  const target = new Uint8Array(values.buffer);
  for (let i = 0; i < count; i++)
    target.set(bytes.subarray(i * source.stride + 4, (i + 1) * source.stride), i * source.width * 4);
  return values;
}

const seconds = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const make = (expansion) => new usearch.Index({
  dimensions: source.width, metric: "ip", quantization, connectivity, expansion_add: Number(expansionText), expansion_search: expansion,
});

const source = open(base);
const built = make(64);
let building = 0;
for (let first = 0; first < source.count; first += 1000) {
  const count = Math.min(1000, source.count - first);
  const values = rows(source, first, count, Float32Array);
  const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(first + i));
  const start = seconds();
  built.add(keys, values, 1);
  building += seconds() - start;
}

source.close();
const saved = join(dirname(base), `usearch-${quantization}`);
built.save(saved);
console.log(JSON.stringify({ buildSeconds: building, bytes: statSync(saved).size }));
const sets = [];
for (let i = 0; i < files.length; i += 2) {
  const queries = open(files[i]);
  const truth = open(files[i + 1]);
  sets.push({ count: queries.count, queries: rows(queries, 0, queries.count, Float32Array), truth: rows(truth, 0, truth.count, Int32Array) });
}

const width = sets[0].queries.length / sets[0].count;
const done = sets.map(() => false);
const last = sets.map(() => 0);
for (const expansion of [10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1500, 2500, 4000]) {
  if (done.every((x) => x)) break;
  // The expansion is fixed when an index is made: the saved one is read into another.
  const index = make(expansion);
  index.load(saved);
  sets.forEach((set, file) => {
    if (done[file]) return;
    let best = Infinity;
    let right = 0;
    let total = 0;
    for (let round = 0; round < 3 && total < 1; round++) {
      right = 0;
      const start = seconds();
      for (let i = 0; i < set.count; i++) {
        const found = index.search(set.queries.subarray(i * width, (i + 1) * width), k, 1).keys;
        for (let j = 0; j < found.length; j++)
          for (let t = 0; t < k; t++) if (set.truth[i * k + t] === Number(found[j])) right++;
      }
      const used = seconds() - start;
      best = Math.min(best, used);
      total += used;
    }
    const recall = right / (set.count * k);
    console.log(JSON.stringify({ file, parameter: expansion, refine: 1, recall, queriesPerSecond: set.count / best }));
    // Codes that are not rescored come to an end of what longer walks find.
    done[file] = recall > 0.993 || (expansion >= 640 && recall - last[file] < 0.002);
    last[file] = recall;
  });
}

rmSync(saved);
