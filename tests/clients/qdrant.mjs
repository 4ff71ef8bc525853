// The usual flow of a program that keeps vectors: argument 1 is the address, argument 2 the key.
import { QdrantClient } from '@qdrant/js-client-rest';

const warnings = [];
console.warn = (text) => warnings.push(String(text));
const client = new QdrantClient({ url: process.argv[2], apiKey: process.argv[3] });
const results = {};
const ids = (points) => points.map((point) => point.id);

await client.createCollection('cities', { vectors: { size: 4, distance: 'Dot' } });
results.exists = (await client.collectionExists('cities')).exists;
await client.upsert('cities', {
  wait: true,
  points: [
    { id: 1, vector: [0.05, 0.61, 0.76, 0.74], payload: { city: 'Berlin', n: 3 } },
    { id: 2, vector: [0.19, 0.81, 0.75, 0.11], payload: { city: ['Berlin', 'London'], n: 5 } },
    { id: 3, vector: [0.36, 0.55, 0.47, 0.94], payload: { city: ['Berlin', 'Moscow'] } },
    { id: 4, vector: [0.18, 0.01, 0.85, 0.8], payload: { city: ['London', 'Moscow'] } },
    { id: '98a9a4b1-4ef2-46fb-8315-a97d874fe1d7', vector: [0.24, 0.18, 0.22, 0.44], payload: { count: [0] } },
    { id: 6, vector: [0.35, 0.08, 0.11, 0.44] },
  ],
});
results.info = await client.getCollection('cities');
const query = [0.2, 0.1, 0.9, 0.7];
results.search = await client.search('cities', { vector: query, limit: 3 });
results.query = (await client.query('cities', { query, limit: 2, with_payload: ['city'], with_vector: true })).points;
const london = { must: [{ key: 'city', match: { value: 'London' } }] };
results.filtered = ids((await client.query('cities', { query, filter: london })).points);
results.like = ids((await client.query('cities', { query: 1, limit: 2 })).points);
results.fused = (await client.query('cities', {
  prefetch: [{ query: [1, 0, 0, 0], limit: 3 }, { query: [0, 1, 0, 0], limit: 3 }],
  query: { fusion: 'rrf' },
})).points;
results.groups = (await client.queryGroups('cities', { query, group_by: 'city', group_size: 1, limit: 3 })).groups;
results.batch = (await client.queryBatch('cities', { searches: [{ query: [1, 0, 0, 0], limit: 1 }, { query: [0, 1, 0, 0], limit: 1 }] }))
  .map((found) => ids(found.points));
await client.createPayloadIndex('cities', { field_name: 'city', field_schema: 'keyword' });
results.facet = (await client.facet('cities', { key: 'city' })).hits;
await client.setPayload('cities', { payload: { seen: true }, points: [1] });
await client.deletePayload('cities', { keys: ['n'], points: [1] });
results.retrieved = await client.retrieve('cities', { ids: [1], with_vector: true });
results.scrolled = await client.scroll('cities', { limit: 4, with_payload: false });
await client.delete('cities', { filter: london });
results.count = (await client.count('cities')).count;

await client.createCollection('pages', {
  vectors: {
    patches: { size: 3, distance: 'Cosine', multivector_config: { comparator: 'max_sim' } },
    'Dense 1': { size: 2, distance: 'Cosine' },
  },
});
await client.upsert('pages', {
  points: [
    { id: 1, vector: { patches: [[1, 2, 2], [0, 1, 0]], 'Dense 1': [3, 4] } },
    { id: 2, vector: { patches: [[1, 0, 0]] } },
  ],
});
results.multi = (await client.query('pages', { query: [[1, 0, 0], [0, 1, 0]], using: 'patches', with_vector: ['Dense 1'] })).points;
results.errors = [];
for (const wrong of [
  () => client.query('pages', { query: [1, 2] }),
  () => client.createCollection('cities', { vectors: { size: 4, distance: 'Dot' } }),
  () => client.getCollection('nowhere'),
]) {
  try {
    await wrong();
  } catch (error) {
    results.errors.push({ status: error.status, message: error.data.status.error });
  }
}
await client.deleteCollection('pages');
await client.deleteCollection('cities');
results.left = (await client.getCollections()).collections.length;
results.warnings = warnings.filter((text) => !text.includes('unsecure'));
console.log(JSON.stringify(results));
