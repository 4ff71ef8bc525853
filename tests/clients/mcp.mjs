// Calls tools of an MCP server by the official client. Arguments: one JSON object
//   { "url", "headers" } or { "command", "args" }, "calls": [{ "name", "arguments", "until" }]
// A call with "until" is made again, for a minute, until its text holds that.
// Standard output: one JSON object { "server", "instructions", "tools", "results" }; a call that the protocol refuses gives { "refused" }.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const wish = JSON.parse(process.argv[2]);
const transport = wish.url
  ? new StreamableHTTPClientTransport(new URL(wish.url), { requestInit: { headers: wish.headers ?? {} } })
  : new StdioClientTransport({ command: wish.command, args: wish.args, env: process.env, stderr: 'inherit' });
const client = new Client({ name: 'multivecretrieval-tests', version: '1.0.0' });
await client.connect(transport);
try {
  const { tools } = await client.listTools();
  const results = [];
  for (const call of wish.calls) {
    try {
      // The client checks structured content against the schema of the tool's list entry.
      const { until, ...request } = call;
      let result = await client.callTool(request);
      for (let tries = 0; until && tries < 300 && !result.content[0].text.includes(until); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        result = await client.callTool(request);
      }

      results.push(result);
    } catch (error) {
      results.push({ refused: String(error?.message ?? error) });
    }
  }

  process.stdout.write(JSON.stringify({
    server: client.getServerVersion(), instructions: client.getInstructions(), tools, results,
  }));
} finally {
  await client.close();
}
