// Voyage's client against the server: argv holds its address, its key, a model and a picture as a data URI. Prints what it got.
import { VoyageAIClient } from "voyageai";

const [address, key, model, picture] = process.argv.slice(2);
const client = new VoyageAIClient({ apiKey: key, environment: `${address}/v1`, maxRetries: 0 });
const texts = await client.embed({ model, input: ["red", "blue photo"], inputType: "query", truncation: true });
const inputs = [{ content: [{ type: "image_base64", imageBase64: picture }] }];
const pictures = await client.multimodalEmbed({ model, inputs, inputType: "document" });
console.log(JSON.stringify({
  texts: texts.data.map((entry) => entry.embedding),
  picture: pictures.data[0].embedding,
}));
