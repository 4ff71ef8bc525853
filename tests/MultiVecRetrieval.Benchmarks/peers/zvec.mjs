// Builds an index of zvec over the vectors of an .fvecs file and searches query files at a sweep of its search parameter, on one thread.
//   node zvec.mjs <engine> <M> <efConstruction> <k> <base.fvecs> (<queries.fvecs> <truth.ivecs>)... <folder>
// Engines: zvec-hnsw-rabitq, whose graph has no refiner, and zvec-ivf-rabitq. Prints lines of JSON as dense.cpp does; times are processor time of the process.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import zvec from '@zvec/zvec';

const [engine, m, efConstruction, k, base, ...rest] = process.argv.slice(2);
const folder = join(rest.pop(), engine);
const enoughRecall = 0.993, enoughSeconds = 1, passes = 3, batch = 500;
const isGraph = engine === 'zvec-hnsw-rabitq';

function read(path, ArrayType) {
  const bytes = readFileSync(path);
  const width = bytes.readInt32LE(0), rowSize = 4 + 4 * width;
  return Array.from({ length: bytes.length / rowSize }, (_, row) => {
    const start = row * rowSize + 4;
    return new ArrayType(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + start + 4 * width));
  });
}

const processorSeconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const sizeOf = (path) => (statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : statSync(path).size);

zvec.ZVecInitialize({ logLevel: zvec.ZVecLogLevel.ERROR, queryThreads: 1, optimizeThreads: 1 });
const vectors = read(base, Float32Array);
const indexParams = isGraph
  ? { indexType: zvec.ZVecIndexType.HNSW_RABITQ, metricType: zvec.ZVecMetricType.IP, m: Number(m), efConstruction: Number(efConstruction) }
  : { indexType: zvec.ZVecIndexType.IVF_RABITQ, metricType: zvec.ZVecMetricType.IP, nList: Math.max(1, Math.round(Math.sqrt(vectors.length))) };
const schema = new zvec.ZVecCollectionSchema({ name: 'dense', vectors: { name: 'v', dataType: zvec.ZVecDataType.VECTOR_FP32, dimension: vectors[0].length, indexParams } });
const started = processorSeconds();
const collection = zvec.ZVecCreateAndOpen(folder, schema);
for (let first = 0; first < vectors.length; first += batch) {
  collection.insertSync(vectors.slice(first, first + batch).map((v, i) => ({ id: String(first + i), vectors: { v } })));
}
collection.optimizeSync();
console.log(JSON.stringify({ buildSeconds: processorSeconds() - started, bytes: sizeOf(folder) }));

const sweep = isGraph ? [10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1500, 2000] : [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 200];
for (let file = 0; file * 2 < rest.length; file++) {
  const queries = read(rest[file * 2], Float32Array), truth = read(rest[file * 2 + 1], Int32Array);
  for (const isUsingRefiner of isGraph ? [false] : [false, true]) {
    for (const parameter of sweep) {
      const params = isGraph
        ? { indexType: zvec.ZVecIndexType.HNSW_RABITQ, ef: parameter, isUsingRefiner }
        : { indexType: zvec.ZVecIndexType.IVF_RABITQ, nprobe: parameter, isUsingRefiner };
      let best = Infinity, hits = 0;
      for (let pass = 0; pass < passes && best > 0; pass++) {
        hits = 0;
        const begin = processorSeconds();
        for (let i = 0; i < queries.length; i++) {
          const found = collection.querySync({ fieldName: 'v', vector: queries[i], topk: Number(k), params, outputFields: [] });
          const wanted = truth[i].subarray(0, Number(k));
          hits += found.filter((doc) => wanted.includes(Number(doc.id))).length;
        }
        best = Math.min(best, processorSeconds() - begin);
        if (best > enoughSeconds) break;
      }
      const recall = hits / (queries.length * Number(k));
      console.log(JSON.stringify({ file, parameter, refine: isUsingRefiner ? 2 : 0, recall, queriesPerSecond: queries.length / best }));
      if (recall > enoughRecall) break;
    }
  }
}
collection.closeSync();
