// The HTTP API. Every failure becomes a Problem with the sentence the server gave.

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.status = status;
    this.kind = (body.type ?? '').split(':').pop();
    this.parameter = body.parameter;
    this.setting = body.setting;
  }
}

let askForKey = null;

/** Sets what is called when the server wants a key; it resolves once a session is open. */
export function onKeyNeeded(callback) { askForKey = callback; }

async function call(path, options = {}) {
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, { detail: 'The server does not answer. Is it still running?', type: 'urn:x:offline' });
  }

  if (response.status === 401 && askForKey && path !== '/v1/session') {
    await askForKey();
    return request(path, options);
  }

  if (!response.ok) {
    let body = {};
    try { body = await response.json(); } catch { /* not from our server: the status has to do */ }
    throw new Problem(response.status, body);
  }

  return response;
}

// Server-sent events of an answer to a POST, which EventSource cannot read.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? '';
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = done ? '' : blocks.pop();
    for (const block of blocks.filter((text) => text.trim())) {
      const fields = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line)).filter(Boolean);
      const kind = fields.find(([, name]) => name === 'event')?.[2] ?? 'message';
      yield { kind, data: JSON.parse(fields.filter(([, name]) => name === 'data').map(([, , text]) => text).join('\n')) };
    }
    if (done) return;
  }
}

// fetch does not say how much of a body is sent.
function send(path, body, progress) {
  return new Promise((resolve, reject) => {
    const upload = new XMLHttpRequest();
    upload.open('POST', path);
    upload.upload.addEventListener('progress', (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    upload.addEventListener('load', () => resolve(upload));
    for (const name of ['error', 'abort', 'timeout']) upload.addEventListener(name, () => reject(new Problem(0, { detail: 'The upload broke off. Is the server still running?' })));
    upload.send(body);
  });
}

function readUpload({ status, responseText }) {
  let body = {};
  try { body = JSON.parse(responseText); } catch { /* not from our server: the status has to do */ }
  if (status >= 400) throw new Problem(status, body);
  return body;
}

const json = (method, body) => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const of = (name) => `/v1/collections/${encodeURIComponent(name)}`;

function query(values) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined && value !== '') parameters.set(name, value);
  return parameters.toString();
}

export const api = {
  openSession: (key) => call('/v1/session', json('POST', { key })),
  collections: () => call('/v1/collections'),
  collection: (name) => call(of(name)),
  create: (name) => call(of(name), json('PUT', {})),
  entries: (name, values, signal) => call(`${of(name)}/entries?${query(values)}`, { signal }),
  facets: (name, values, signal) => call(`${of(name)}/facets?${query(values)}`, { signal }),
  entry: (name, key) => call(`${of(name)}/entry?${query({ key })}`),
  search: (name, body, signal) => call(`${of(name)}/search`, { ...json('POST', body), signal }),
  searchPicture(name, file, fields, signal) {
    const form = new FormData();
    form.set('image', file, file.name || 'picture');
    for (const [key, value] of Object.entries(fields)) if (value !== null && value !== undefined) form.set(key, String(value));
    return call(`${of(name)}/search`, { method: 'POST', body: form, signal });
  },
  /** Answers a question: told(kind, data) hears 'context', 'delta', 'end' as they come. */
  async answer(name, body, signal, told) {
    const response = await request(`${of(name)}/answer`, { ...json('POST', { ...body, stream: true }), signal });
    let isOver = false;
    for await (const { kind, data } of events(response.body)) {
      if (kind === 'error') throw new Problem(data.status ?? 502, data);
      isOver ||= kind === 'end';
      told(kind, data);
    }
    if (!isOver) throw new Problem(0, { detail: 'The answer broke off.' });
  },
  stats: (name) => call(`${of(name)}/stats`),
  /** Uploads files; progress(share) hears how much is on its way. */
  async upload(name, files, progress) {
    const form = new FormData();
    for (const file of files) form.append('file', file, file.name);
    const response = await send(`${of(name)}/documents`, form, progress);
    if (response.status !== 401 || !askForKey) return readUpload(response);
    await askForKey();
    return readUpload(await send(`${of(name)}/documents`, form, progress));
  },
  failed: (name) => call(`${of(name)}/sources?state=failed&limit=100`),
  retry: (name) => call(`${of(name)}/retry`, { method: 'POST' }),
  jobs: (name) => call(`/v1/jobs?${query({ collection: name })}`),
  cancel: (id) => call(`/v1/jobs/${id}/cancel`, { method: 'POST' }),
  pictureUrl: (hit, name, size, time) => `${of(name)}/picture?${query({ key: hit.key, size, time, v: new URL(hit.pictureUrl, location.href).searchParams.get('v') })}`,
  heatMaps: (name, key, { text, entry }) => call(`${of(name)}/heatmap?${query({ key, q: text, entry })}`),
  heatMapUrl: (hit, name, q, entry, time) => `${of(name)}/heatmap?${query({ key: hit.key, q, entry, time: hit.type === 'video' ? time : undefined, format: 'png', size: 640 })}`,
  /** Follows a job until it ends; returns a function that stops following. */
  follow(id, changed) {
    const events = new EventSource(`/v1/jobs/${id}/events`);
    events.addEventListener('progress', (event) => changed(JSON.parse(event.data), false));
    events.addEventListener('end', (event) => { events.close(); changed(JSON.parse(event.data), true); });
    return () => events.close();
  },
};
