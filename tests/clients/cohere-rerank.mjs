// Cohere's client against the server: argv holds its address, its key and a model. Prints what it got as one JSON object.
import { CohereClientV2 } from "cohere-ai";

const [address, key, model] = process.argv.slice(2);
const client = new CohereClientV2({ token: key, environment: address, maxRetries: 0 });
const request = { model, query: "red", documents: ["blue", "red", "green"], topN: 2 };
const ranked = await client.rerank(request);
const nameOfError = async (call) => call().then(() => "none", (error) => error.constructor.name);
console.log(JSON.stringify({
  indices: ranked.results.map((result) => result.index),
  scores: ranked.results.map((result) => result.relevanceScore),
  tokens: ranked.meta.tokens.inputTokens,
  unknownModel: await nameOfError(() => client.rerank({ ...request, model: "no-such-model" })),
  wrongKey: await nameOfError(() => new CohereClientV2({ token: "wrong", environment: address }).rerank(request)),
}));
