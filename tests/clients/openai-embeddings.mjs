// The official client of OpenAI's API against the server: argv holds its address, its key, a model of one vector and one of several.
// Prints what it got as one JSON object.
import OpenAI from "openai";

const [address, key, model, several] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });

const kind = async (call) => {
  try {
    await call();
    return "no error";
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code, param: error.param, type: error.type };
  }
};

// Without encoding_format the client asks for base64 and decodes it.
const listed = [];
for await (const found of client.models.list()) listed.push(found.id);
const embedded = await client.embeddings.create({ model, input: ["red", "blue photo"] });
console.log(JSON.stringify({
  listed,
  retrieved: (await client.models.retrieve(model)).owned_by,
  vectors: embedded.data.map((entry) => entry.embedding),
  numbers: (await client.embeddings.create({ model, input: "red", encoding_format: "float", user: "somebody" })).data[0].embedding,
  usage: embedded.usage,
  errors: {
    unknownModel: await kind(() => client.embeddings.create({ model: "no-such-model", input: "red" })),
    unknownName: await kind(() => client.models.retrieve("no-such-model")),
    wrongKey: await kind(() => new OpenAI({ baseURL: `${address}/v1`, apiKey: "wrong", maxRetries: 0 }).models.list()),
    tokens: await kind(() => client.embeddings.create({ model, input: [1, 2, 3] })),
    severalRows: await kind(() => client.embeddings.create({ model: several, input: "red" })),
    dimensions: await kind(() => client.embeddings.create({ model, input: "red", dimensions: 2 })),
  },
}));
