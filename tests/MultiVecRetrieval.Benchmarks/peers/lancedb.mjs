// Multi-vector search with LanceDB, exact and by its IVF_PQ index, over a file of row-major float32 values: pages, then queries.
// node lancedb.mjs FILE DATABASE PAGES ROWS D QUERIES QUERY_ROWS TOP [REFINE] -> one JSON object on standard output.
import { openSync, readSync, closeSync } from "node:fs";
import { connect, Index } from "@lancedb/lancedb";
import * as arrow from "apache-arrow";

const [file, database, ...counts] = process.argv.slice(2);
const [pageCount, rowCount, dimension, queryCount, queryRowCount, top, refine] = counts.map(Number);
const batchPageCount = 100;

const rowType = new arrow.FixedSizeList(dimension, new arrow.Field("item", new arrow.Float32(), true));
const pageType = new arrow.List(new arrow.Field("item", rowType, true));
const schema = new arrow.Schema([
  new arrow.Field("id", new arrow.Int32(), false),
  new arrow.Field("vector", pageType, true),
]);

const descriptor = openSync(file, "r");

function read(valueCount) {
  const bytes = Buffer.alloc(valueCount * 4);
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, null);
    if (count === 0) throw new Error(`${file} ends too early`);
    done += count;
  }
  return new Float32Array(bytes.buffer, bytes.byteOffset, valueCount);
}

function readBatch(firstPage, count) {
  const values = arrow.makeData({ type: new arrow.Float32(), length: count * rowCount * dimension, data: read(count * rowCount * dimension) });
  const rows = arrow.makeData({ type: rowType, length: count * rowCount, child: values });
  const pages = arrow.makeData({
    type: pageType,
    length: count,
    valueOffsets: Int32Array.from({ length: count + 1 }, (_, i) => i * rowCount),
    child: rows,
  });
  const ids = arrow.makeData({ type: new arrow.Int32(), length: count, data: Int32Array.from({ length: count }, (_, i) => firstPage + i) });
  const batch = new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length: count, children: [ids, pages] }));
  return new arrow.Table(schema, [batch]);
}

const start = performance.now();
const db = await connect(database);
let table;
for (let page = 0; page < pageCount; page += batchPageCount) {
  const batch = readBatch(page, Math.min(batchPageCount, pageCount - page));
  if (table === undefined) table = await db.createTable("pages", batch);
  else await table.add(batch);
}
const ingestSeconds = (performance.now() - start) / 1000;

const queries = Array.from({ length: queryCount }, () => {
  const values = read(queryRowCount * dimension);
  return Array.from({ length: queryRowCount }, (_, row) => Array.from(values.subarray(row * dimension, (row + 1) * dimension)));
});
closeSync(descriptor);

async function search(query, refineFactor) {
  let request = table.query().nearestTo(query[0]).column("vector");
  for (const row of query.slice(1)) request = request.addQueryVector(row);
  if (refineFactor) request = request.refineFactor(refineFactor);
  const found = await request.distanceType("cosine").select(["id", "_distance"]).limit(top).toArray();
  return found.map((row) => row.id);
}

async function measure(refineFactor) {
  // One search that is not timed reads the files into memory.
  await search(queries[0], refineFactor);
  const latenciesMs = [];
  const hits = [];
  for (const query of queries) {
    const begin = performance.now();
    hits.push(await search(query, refineFactor));
    latenciesMs.push(performance.now() - begin);
  }
  return { latenciesMs, hits };
}

const flat = await measure();
let indexed = null;
if (refine) {
  const begin = performance.now();
  await table.createIndex("vector", { config: Index.ivfPq({ distanceType: "cosine" }) });
  const [name] = (await table.listIndices()).map((index) => index.name);
  await table.waitForIndex([name], 600);
  const buildSeconds = (performance.now() - begin) / 1000;
  indexed = { ingestSeconds: ingestSeconds + buildSeconds, ...(await measure(refine)) };
}
console.log(JSON.stringify({ ingestSeconds, ...flat, indexed }));
