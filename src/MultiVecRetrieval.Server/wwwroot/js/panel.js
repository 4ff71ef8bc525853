// What is in the collection, what became of every file, jobs, and adding files.
import { api } from './api.js';
import { $, bytes, clock, count, h, icon, plural, toast } from './dom.js';

const dialog = $('panel');
const following = new Map();
let jobs = [];
let current = null;
let context = null;

export function setUp(given) {
  context = given;
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
}

export async function open() {
  await refresh();
  if (!dialog.open) dialog.showModal();
}

/** Reads counts and jobs anew; follows those that run. */
export async function refresh() {
  const name = context.collection();
  if (!name) { current = null; render(); return; }
  try {
    const [collection, list, failed, stats] = await Promise.all([api.collection(name), api.jobs(name), api.failed(name), api.stats(name)]);
    current = { ...collection, failed: failed.items, stats };
    jobs = list.items;
  } catch (error) {
    toast(error.message);
  }
  for (const job of jobs) if (isActive(job)) follow(job);
  context.described(current, jobs.some(isActive));
  render();
}

/** Uploads files to the collection and shows the job. */
export async function add(files) {
  const list = [...files];
  if (list.length === 0) return;
  try {
    showUpload(list, 0);
    const job = await api.upload(context.collection(), list, (share) => showUpload(list, share));
    jobs = [job, ...jobs];
    follow(job);
    toast(`${plural(list.length, 'file')} uploaded; indexing.`);
    showUpload(list, null);
    await open();
  } catch (error) {
    showUpload(list, null);
    toast(error.message);
  }
}

// What is on its way to the server; share is null when it is over.
function showUpload(files, share) {
  const box = $('upload');
  box.hidden = share === null;
  if (share === null) return;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (!box.firstChild) box.append(h('span', {}), h('progress', { max: 1, 'aria-label': 'Upload' }));
  box.firstChild.textContent = `Uploading ${plural(files.length, 'file')}: ${bytes(share * size)} of ${bytes(size)}`;
  box.lastChild.value = share;
}

const isActive = (job) => job.state === 'queued' || job.state === 'running';

function follow(job) {
  if (following.has(job.id)) return;
  following.set(job.id, api.follow(job.id, (changed, isOver) => {
    jobs = jobs.map((other) => (other.id === changed.id ? changed : other));
    context.described(current, jobs.some(isActive));
    if (isOver) {
      following.delete(job.id);
      toast(describeEnd(changed));
      refresh();
      context.changed();
    } else {
      renderJobs();
    }
  }));
}

function describeEnd(job) {
  if (job.replacement) {
    const { oldSpace, newSpace, missingCount, isSwitched } = job.replacement;
    return isSwitched ? `${newSpace} is asked now; ${oldSpace} is kept.` : `${oldSpace} is asked still: ${plural(missingCount, 'entry', 'entries')} have no rows in ${newSpace}.`;
  }
  if (job.state === 'succeeded') {
    const failed = job.report?.failed?.length ? `, ${plural(job.report.failed.length, 'file')} failed` : '';
    const incomplete = job.report?.partial?.length ? `, ${plural(job.report.partial.length, 'file')} incomplete` : '';
    const notices = (job.report?.notices ?? []).map((notice) => ` ${notice}.`).join('');
    return `${plural(job.report?.entriesAdded ?? 0, 'entry', 'entries')} added${failed}${incomplete}.${notices}`;
  }
  return job.error ?? `The job was ${job.state}.`;
}

function render() {
  if (!current) { dialog.replaceChildren(h('div', { class: 'sheet' }, heading('No collection'), creation())); return; }
  const { sources } = current;
  const parts = [['indexed', sources.indexed], ['failed', sources.failed], ['excluded', sources.excluded], ['pending', sources.pending]];
  const bar = h('div', { class: 'sum', role: 'img', 'aria-label': `${sources.seen} files seen: ${parts.map(([name, value]) => `${value} ${name}`).join(', ')}` },
    parts.filter(([, value]) => value > 0).map(([name, value]) => { const i = h('i', { class: `s-${name}` }); i.style.flex = String(value); return i; }));
  dialog.replaceChildren(h('div', { class: 'sheet' },
    heading(current.name),
    h('section', { id: 'counts' }, h('h3', {}, `${plural(sources.seen, 'file')} seen`), bar,
      h('dl', { class: 'counts' }, parts.map(([name, value]) => h('div', {}, h('dt', {}, h('i', { class: `s-${name}` }), name), h('dd', { id: `count-${name}` }, count(value))))),
      sources.missing > 0 && h('p', { class: 'muted' }, `${plural(sources.missing, 'indexed file')} no longer on disk.`)),
    current.failed.length > 0 && failures(),
    h('section', { id: 'jobs' }),
    adding(),
    statistics(),
    searching(),
    creation()));
  renderJobs();
}

const heading = (name) => h('header', {}, h('h2', { id: 'panelTitle' }, name), h('button', { class: 'icon', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => dialog.close() }, icon('close')));

function failures() {
  return h('section', {}, h('h3', {}, 'Could not be indexed'),
    h('ul', { class: 'failed' }, current.failed.map((file) => h('li', {}, h('strong', {}, file.path), h('span', { class: 'muted' }, file.reason ?? '', file.setting && !(file.reason ?? '').includes(file.setting) ? ` (setting ${file.setting})` : '')))),
    h('button', { class: 'pill', disabled: !current.isWritable, onclick: async () => {
      try { const job = await api.retry(current.name); jobs = [job, ...jobs]; follow(job); renderJobs(); } catch (error) { toast(error.message); }
    } }, 'Try these again'));
}

function renderJobs() {
  const section = $('jobs');
  if (!section) return;
  const shown = jobs.filter(isActive).concat(jobs.filter((job) => !isActive(job)).slice(0, 3));
  section.hidden = shown.length === 0;
  section.replaceChildren(h('h3', {}, 'Jobs'), ...shown.map(jobCard));
}

function jobCard(job) {
  const progress = job.progress;
  const [done, total] = !progress ? []
    : progress.videosToHear ? [progress.videosHeard, progress.videosToHear]
    : progress.pagesToRecognize ? [progress.pagesRecognized, progress.pagesToRecognize]
      : progress.documentsToDraw ? [progress.documentsDrawn, progress.documentsToDraw]
        : progress.entriesTotal ? [progress.entriesDone, progress.entriesTotal] : [progress.filesDone, progress.filesTotal];
  const texts = progress?.pagesToRecognize ? `text of ${count(progress.pagesRecognized)} of ${plural(progress.pagesToRecognize, 'page')}` : null;
  const drawn = progress?.documentsToDraw ? `pages of ${count(progress.documentsDrawn)} of ${plural(progress.documentsToDraw, 'document')}` : null;
  const heard = progress?.videosToHear ? `speech of ${count(progress.videosHeard)} of ${plural(progress.videosToHear, 'video')}` : null;
  const rate = progress && progress.entriesPerSecond > 0 ? `${progress.entriesPerSecond.toFixed(1)} a second` : null;
  const rest = progress?.remaining ? `${clock(seconds(progress.remaining))} left` : null;
  return h('div', { class: 'job', 'data-state': job.state },
    h('div', { class: 'row' }, h('span', {}, `${{ index: 'Indexing', upload: 'Adding uploads', retry: 'Trying again', tune: 'Trying tiers', replace: 'Replacing a model' }[job.kind] ?? job.kind}: ${job.state}`),
      isActive(job) && h('button', { class: 'pill', onclick: () => api.cancel(job.id).catch((error) => toast(error.message)) }, 'Cancel')),
    isActive(job) && h('progress', { 'aria-label': 'Progress', ...(total > 0 ? { max: total, value: done } : {}) }),
    isActive(job) && progress && h('span', { class: 'muted' }, [`${plural(progress.filesDone, 'file')} of ${count(progress.filesTotal)}`, plural(progress.entriesDone, 'entry', 'entries'), drawn, texts, heard, rate, rest].filter(Boolean).join(' · ')),
    isActive(job) && (progress?.reading || progress?.currentFile) && h('span', { class: 'muted' }, progress.reading ? describeReading(progress.reading) : progress.currentFile),
    !isActive(job) && h('span', { class: 'muted' }, describeEnd(job)));
}

function describeReading({ file, done, total, unit }) {
  if (unit === 'seconds' || unit === 'speech') return `${file}: ${clock(done)} of ${clock(total)}`;
  return `${file}: ${unit === 'pages' ? 'words of page' : 'section'} ${count(Math.round(done))} of ${count(Math.round(total))}`;
}

// Durations come as [d.]hh:mm:ss[.fraction].
function seconds(text) {
  const [clockPart, days] = text.includes('.') && text.indexOf('.') < text.indexOf(':') ? [text.slice(text.indexOf('.') + 1), Number(text.split('.')[0])] : [text, 0];
  const [hours, minutes, rest] = clockPart.split(':').map(Number);
  return days * 86400 + hours * 3600 + minutes * 60 + rest;
}

function adding() {
  const input = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files to add', onchange: () => add(input.files) });
  return h('section', {}, h('h3', {}, 'Add files'),
    h('div', { class: 'adder', ondragover: (event) => { event.preventDefault(); event.currentTarget.classList.add('over'); }, ondragleave: (event) => event.currentTarget.classList.remove('over'),
      ondrop: (event) => { event.preventDefault(); event.stopPropagation(); event.currentTarget.classList.remove('over'); add(event.dataTransfer.files); } },
    current.isWritable ? 'Drop pictures, documents and videos here, or' : 'Another process is writing this collection; adding waits until it is done.',
    current.isWritable && h('button', { class: 'pill', onclick: () => input.click() }, icon('add'), 'Choose files'), input));
}

function statistics() {
  const types = current.entriesByType;
  return h('section', {}, h('h3', {}, 'Inside'), h('dl', { class: 'facts' },
    [['Documents', count(current.documentCount)], ['Pages', count(types.page ?? 0)], ['Images', count(types.image ?? 0)], ['Videos', count(types.video ?? 0)], ['Texts', count(types.text ?? 0)],
      ...current.spaces.map((space) => [`Space ${space.name}`, `${count(space.rowCount)} × ${space.dimension} ${space.rowFormat}`]), ['On disk', bytes(current.sizeInBytes)]]
      .flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}

// What searches look at first, what it takes on disk, and the recall that was measured of it.
function searching() {
  const spaces = current.stats.spaces.filter((space) => space.entryCount > 0);
  if (spaces.length === 0) return null;
  return h('section', { id: 'tiers' }, h('h3', {}, 'How it is searched'),
    h('table', { class: 'tiers' },
      h('thead', {}, h('tr', {}, ['', 'On disk', 'Measured recall'].map((name) => h('th', { scope: 'col' }, name)))),
      spaces.map((space) => h('tbody', {},
        h('tr', {}, h('th', { scope: 'row' }, space.name), h('td', {}, bytes(space.sizeInBytes)), h('td', {}, 'exact')),
        space.tiers.map((tier) => h('tr', { class: 'tier', title: tier.problem ?? '' },
          h('th', { scope: 'row' }, tier.spec), h('td', {}, bytes(tier.sizeInBytes + tier.parametersSizeInBytes)), h('td', {}, recallOf(tier))))))),
    current.stats.backgroundProblem && h('p', { class: 'notice' }, current.stats.backgroundProblem));
}

function recallOf(tier) {
  if (tier.problem) return 'cannot be used';
  if (!tier.isTrained) return 'being trained';
  const steps = (tier.calibration?.budgets ?? []).filter((one) => one.top === 10);
  const step = steps.find((one) => one.lowerBound >= 0.95) ?? steps.at(-1);
  return step ? `${step.recall.toFixed(3)} of 10, reading ${count(step.budget)}` : 'not measured';
}

export function creation() {
  const input = h('input', { 'aria-label': 'Name of the new collection', placeholder: 'new-collection', required: true, maxlength: 64, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*', title: 'Letters, digits, - _ and .' });
  return h('section', {}, h('h3', {}, 'New collection'), h('form', { class: 'pair', onsubmit: async (event) => {
    event.preventDefault();
    try {
      await api.create(input.value);
      dialog.close();
      await context.created(input.value);
    } catch (error) { toast(error.message); }
  } }, input, h('button', { class: 'pill' }, 'Create')));
}
