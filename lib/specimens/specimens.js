// SPDX-License-Identifier: MIT
// The card of the specimens: how far, how fast, how long yet, which hosts, what failed.
'use strict';

Object.assign(steps, {ingest: 'Rows of the list', specimens: 'Specimens'});

funnels['specimens-download'] = [
  ['Images', 'specimens_fetched', ['specimens_adopted', 'were there'], ['specimens_failed', 'failed']],
  ['Put off', 'deferred'],
  ['Objects', 'objects_put', ['objects_unchanged', 'unchanged'], ['objects_failed', 'failed']],
];
funnels['specimens-ingest'] = [
  ['Rows', 'list_rows', ['list_rejected', 'rejected']],
  ['Images', 'list_images', ['list_retired', 'retired']],
  ['Specimens', 'list_gbif_ids'],
];

const specimens = {
  report: null,
  hosts: [],
  samples: [],     // [ms, images done in the run], of the last half minute
  run: '',
  busy: false,     // a look is under way
};
const rate_window = 30000;
const shown_hosts = 14;
const fetches = (run) => is_active(run) && run.pipeline === 'specimens-download';

const download_run = () => active_runs().find(fetches);

function big(n) {
  if (n < 1e5) return number.format(n);
  return n < 1e7 ? (n / 1e6).toFixed(2) + ' M' : (n / 1e6).toFixed(1) + ' M';
}

// ---- Rate and time left ---------------------------------------------------------------------

function take_sample(run) {
  if (!fetches(run)) { specimens.samples = []; return; }
  if (specimens.run !== run.id) { specimens.run = run.id; specimens.samples = []; }
  const c = run.counts || {};
  const at = Date.now();
  const done = (c.specimens_fetched || 0) + (c.specimens_adopted || 0) + (c.specimens_failed || 0);
  const all = specimens.samples;
  if (all.length && at - all[all.length - 1][0] < 900) return;
  all.push([at, done]);
  while (all.length > 2 && at - all[0][0] > rate_window) all.shift();
}
/// Images a second, or nothing while that is not known.
function rate_now() {
  const all = specimens.samples;
  if (all.length < 2) return null;
  const [from, to] = [all[0], all[all.length - 1]];
  const seconds = (to[0] - from[0]) / 1000;
  return seconds < 2 ? null : (to[1] - from[1]) / seconds;
}
const left = (i) => i.pending + i.failed_transient - (i.exhausted || 0);

// ---- Drawing --------------------------------------------------------------------------------

const parts = [
  ['success', 'kept', 'good'], ['failed_transient', 'to be tried again', 'warn'],
  ['failed_permanent', 'failed', 'lost'], ['pending', 'waiting', 'rest'],
];
function draw_parts(images) {
  const bar = parts.map(([key, word, cls]) => {
    const part = make('span', 'part ' + cls);
    part.style.setProperty('flex-grow', String(images[key] || 0));
    part.title = `${number.format(images[key] || 0)} ${word}`;
    return part;
  });
  $('specimens-bar').replaceChildren(...bar);
  $('specimens-bar').setAttribute('aria-label', parts.map(([key, word]) =>
    `${number.format(images[key] || 0)} ${word}`).join(', '));
  $('specimens-legend').replaceChildren(...parts.map(([key, word, cls]) => {
    const item = make('li');
    const share = images.total ? 100 * (images[key] || 0) / images.total : 0;
    item.append(make('span', 'dot ' + cls), make('b', '', big(images[key] || 0)), ' ' + word,
                make('span', 'quiet', ` ${share.toFixed(share < 10 && share > 0 ? 1 : 0)} %`));
    return item;
  }));
}

function draw_figures(report) {
  const run = download_run();
  const speed = rate_now();
  const resting = report.resting.length;
  const figures = [
    ['Specimens complete', big(report.gbif_ids.done), `of ${big(report.gbif_ids.total)}`],
    ['Images a second', speed === null ? '–' : speed.toFixed(speed < 10 ? 1 : 0),
     fetches(run) ? 'over the last half minute' : 'nothing is being fetched'],
    ['Time left', speed > 0 ? duration(left(report.images) / speed * 1000) : '–',
     speed > 0 ? 'at this rate' : ''],
    ['Hosts at rest', number.format(resting), resting ? `until ${when(report.resting[0].until)} and later` : ''],
  ];
  $('specimens-figures').replaceChildren(...figures.map(([label, value, note]) => {
    const item = make('li');
    item.append(make('span', 'label', label), make('span', 'value', value), make('span', 'note', note));
    return item;
  }));
}

function state_of(lane) {
  if (!lane) return ['not asked yet', ''];
  if (lane.cooling_until) return [`rests until ${when(lane.cooling_until)}`, 'is-warn'];
  if (lane.quarantined_at) return ['quarantine', 'is-bad'];
  if (lane.slowed_by > 1) return [`slowed by ${lane.slowed_by.toFixed(1)}`, 'is-warn'];
  return ['well', 'is-good'];
}
function pace_of(lane) {
  if (!lane) return '–';
  const delay = lane.delay_ms;
  if (!delay) return `${lane.concurrency} at once`;
  const each = 1000 / delay;
  return each >= 1 ? `${each.toFixed(each < 10 ? 1 : 0)} a second` : `one in ${duration(delay)}`;
}

function draw_hosts(report) {
  const lanes = new Map(specimens.hosts.map((h) => [h.host, h]));
  const rows = new Map();
  for (const h of [...report.queue, ...report.hosts]) rows.set(h.host, {...rows.get(h.host), ...h});
  const trouble = (h) => (['is-warn', 'is-bad'].includes(state_of(lanes.get(h.host))[1]) ? 1 : 0);
  const shown = [...rows.values()]
    .sort((a, b) => trouble(b) - trouble(a) || (b.pending || 0) - (a.pending || 0) || b.failed - a.failed)
    .slice(0, shown_hosts);
  $('specimens-hosts').replaceChildren(...shown.map((h) => {
    const lane = lanes.get(h.host);
    const [state, cls] = state_of(lane);
    const row = make('tr');
    const last = make('td');
    last.append(make('span', cls, state));
    row.append(make('td', 'host', h.host), make('td', 'n', big(h.pending || 0)),
               make('td', 'n', big(h.success || 0)), make('td', 'n' + (h.failed ? ' bad' : ''), big(h.failed || 0)),
               make('td', '', pace_of(lane)), last);
    return row;
  }));
}

function draw_failures(report) {
  const worst = report.failures.slice(0, 12);
  const most = Math.max(1, ...worst.map((f) => f.images));
  $('specimens-failures-empty').hidden = worst.length > 0;
  $('specimens-failures').replaceChildren(...worst.map((f) => {
    const item = make('li');
    const bar = make('progress');
    bar.max = most;
    bar.value = f.images;
    bar.className = f.retryable ? 'warn' : 'lost';
    bar.setAttribute('aria-label', `${f.images} images`);
    const head = make('p', 'split');
    head.append(make('code', '', f.type),
                make('span', 'quiet', `${number.format(f.images)} · ${f.retryable ? 'tried again' : 'for good'}`));
    item.append(head, bar);
    return item;
  }));
}

function draw_specimens() {
  const {report} = specimens;
  const here = !!report && report.images.total > 0;
  $('specimens').hidden = !here;
  if (!here) return;
  $('sheet').hidden = view.images.length === 0;
  $('specimens-list').textContent = report.list.name || '';
  $('specimens-start').hidden = active_runs().some((run) => run.pipeline.startsWith('specimens-')) || left(report.images) === 0;
  draw_parts(report.images);
  draw_figures(report);
  draw_hosts(report);
  draw_failures(report);
}

// ---- Putting it together --------------------------------------------------------------------

async function look_at_specimens() {
  if (specimens.busy || document.hidden || !$('ask').hidden) return;
  specimens.busy = true;
  try {
    [specimens.report, {hosts: specimens.hosts}] =
      await Promise.all([ask_json('/v1/specimens'), ask_json('/v1/hosts')]);
    draw_specimens();
  } catch { /* the page itself tells of a daemon that is gone */ }
  specimens.busy = false;
}
$('specimens-start').addEventListener('click', () => act($('specimens-start'), () =>
  ask('/v1/runs', {method: 'POST', headers: {'Content-Type': 'application/json'},
                   body: JSON.stringify({pipeline: 'specimens-download'})})));

setInterval(() => {
  take_sample(download_run());
  if (specimens.report && !$('specimens').hidden) draw_figures(specimens.report);
}, 1000);
setInterval(look_at_specimens, 5000);
look_at_specimens();
