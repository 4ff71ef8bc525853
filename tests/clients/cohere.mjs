// Cohere's client against the server: argv holds its address, its key, a model and a picture. Prints what it got as one JSON object.
import { CohereClientV2 } from "cohere-ai";

const [address, key, model, picture] = process.argv.slice(2);
const client = new CohereClientV2({ token: key, environment: address, maxRetries: 0 });
const request = { model, query: "red", documents: ["blue", "red", "green"], topN: 2 };
const ranked = await client.rerank(request);
const nameOfError = async (call) => call().then(() => "none", (error) => error.constructor.name);
const embedded = await client.embed(
  { model, texts: ["red", "blue photo"], inputType: "search_document", embeddingTypes: ["float", "base64"], truncate: "NONE" });
const seen = await client.embed({ model, images: [picture], inputType: "image", embeddingTypes: ["float"] });
console.log(JSON.stringify({
  vectors: embedded.embeddings.float,
  base64: embedded.embeddings.base64,
  texts: embedded.texts,
  picture: seen.embeddings.float,
  wrongType: await nameOfError(() => client.embed({ model, texts: ["red"], inputType: "search_query", embeddingTypes: ["uint8"] })),
  indices: ranked.results.map((result) => result.index),
  scores: ranked.results.map((result) => result.relevanceScore),
  tokens: ranked.meta.tokens.inputTokens,
  unknownModel: await nameOfError(() => client.rerank({ ...request, model: "no-such-model" })),
  wrongKey: await nameOfError(() => new CohereClientV2({ token: "wrong", environment: address }).rerank(request)),
}));
