// The official client of OpenAI's API against the server: files and vector stores. argv holds its address and its key. Prints what it
// got as one JSON object.
import OpenAI, { toFile } from "openai";

const [address, key] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const text = (words, name) => toFile(Buffer.from(words), name);
const all = async (pages) => {
  const found = [];
  for await (const item of pages) found.push(item);
  return found;
};

const store = await client.vectorStores.create({ name: "Harbour notes!", metadata: { team: "tides" } });
const file = await client.files.create({ file: await text("# Tides\n\nThe tide of the harbour rises twice a day.\n", "tides.md"), purpose: "assistants" });
const attached = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes: { year: 2024, region: "north" } });
const bad = await client.vectorStores.files.uploadAndPoll(store.id, await text("this is no PDF", "broken.pdf"));
const more = await Promise.all(["ferry", "lighthouse"].map(async (word) =>
  (await client.files.create({ file: await text(`# ${word}\n\nThe ${word} is named here.\n`, "same.md"), purpose: "assistants" })).id));
const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: more, attributes: { region: "south" } });
const search = async (query, options) => (await client.vectorStores.search(store.id, { query, ...options })).data;
const status = async (call) => {
  try {
    await call();
    return 0;
  } catch (error) {
    return error.status;
  }
};

const result = {
  store, file, attached, bad, batch, more,
  content: await (await client.files.content(file.id)).text(),
  purposes: (await all(client.files.list({ limit: 1, order: "asc" }))).map((item) => item.filename),
  files: (await all(client.vectorStores.files.list(store.id, { limit: 1 }))).map((item) => item.id),
  failed: (await all(client.vectorStores.files.list(store.id, { filter: "failed" }))).map((item) => item.id),
  found: await search("harbour tide"),
  several: (await search(["ferry", "lighthouse"], { max_num_results: 2, rewrite_query: true })).map((hit) => hit.file_id),
  south: (await search("tide ferry", { filters: { type: "eq", key: "region", value: "south" } })).map((hit) => hit.file_id),
  recent: (await search("tide", { filters: { type: "and", filters: [
    { type: "gte", key: "year", value: 2024 }, { type: "nin", key: "region", value: ["south", "west"] }] } })).map((hit) => hit.file_id),
  old: await search("tide", { filters: { type: "lt", key: "year", value: 2024 } }),
  none: await search("zeppelin", { ranking_options: { score_threshold: 0.9 } }),
  described: await client.vectorStores.retrieve(store.id),
  stores: (await all(client.vectorStores.list())).map((item) => item.id),
  detached: await client.vectorStores.files.delete(file.id, { vector_store_id: store.id }),
  kept: (await client.files.retrieve(file.id)).id,
  deletedFile: await client.files.delete(more[0]),
};
result.left = (await all(client.vectorStores.files.list(store.id))).map((item) => item.id);
result.deletedStore = await client.vectorStores.delete(store.id);
result.gone = await status(() => client.vectorStores.retrieve(store.id));
result.unknown = await status(() => client.files.retrieve("file-none"));
console.log(JSON.stringify(result));
