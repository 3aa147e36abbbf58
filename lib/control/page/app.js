// SPDX-License-Identifier: MIT
'use strict';

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const page_of_tiles = 60;
const pictures_at_once = 6;
const shown_errors = 20;

// What to do, by reason (docs/operations.md has all of them).
const again = 'It is tried again by itself; look only if it stays.';
const theirs = 'Nothing to do: the site offers nothing usable here.';
const cures = {
  dns_not_found: 'Check the host name in the venue’s settings; the site may have moved.',
  dns_failure: 'Check the resolver of this machine.',
  connect_failed: again, connect_timeout: again, resolve_timeout: again, tls_timeout: again,
  tls_failed: again, first_byte_timeout: again, stalled: again, total_timeout: again,
  connection_lost: again, short_body: again, bad_response: again, http_request_timeout: again,
  http_too_early: again, http_server_error: again, catalog_busy: again, image_corrupt: again,
  tls_certificate: 'The site’s certificate is not valid. For a private root, set http.ca_file.',
  blocked_address: 'The host is on a private network. For a test set-up, set http.allow_private_addresses.',
  blocked_host: 'Add the host to the venue’s image_hosts, if the picture is meant to come from there.',
  blocked_port: 'Only ports 80 and 443 are fetched from.',
  robots_denied: 'The site does not want this read. It is left alone.',
  robots_unreachable: 'The site’s robots.txt fails; nothing is fetched until it answers.',
  contact_missing: 'Set contact in vinny.toml: venues must be able to reach you.',
  host_cooling_down: 'The site asked for a pause; the work goes on in a later run.',
  http_too_many_requests: 'The site asked for a pause. Raise politeness.delay_ms for this host if it repeats.',
  host_breaker_open: 'The site failed many times in a row; it is tried again after a rest.',
  http_unauthorized: theirs, http_forbidden: 'The site refuses. Ask the venue, or remove it.',
  http_not_found: theirs, http_gone: theirs, http_legal: theirs,
  not_an_image: theirs, image_type_unsupported: theirs, image_too_few_bytes: theirs,
  image_too_small: 'Smaller than images.min_width × min_height. ' + theirs,
  image_too_large: theirs, image_bomb: theirs, image_corrupt_again: theirs, body_too_large: theirs,
  bad_event: 'The page’s event data is broken; tell the venue, or us if it looks right.',
  no_events: 'The site has changed: its extractor finds nothing any more. See the venue’s extractor setting.',
  source_emptied: 'The collection’s directory or bucket has no picture any more; its captures are kept. If that is right, sync with --full.',
  disk_full: 'Free space under data_dir; the work goes on by itself.',
  read_only: 'data_dir is on a read-only file system: mount it writable.',
  permission_denied: 'Let the daemon’s user write to data_dir (chown -R vinny).',
  io_error: 'Check the disk (dmesg), then run again.',
  catalog_corrupt: 'Stop the daemon and put back a backup of vinny.db (docs/operations.md).',
  catalog_newer: 'A newer Vinny wrote the catalog: install that version.',
  catalog_locked: 'Another Vinny uses this data_dir; stop it first.',
  network_filesystem: 'Put data_dir on a local disk.',
  out_of_descriptors: 'Raise LimitNOFILE of the service, or lower http.concurrency.',
  out_of_memory: 'Raise MemoryMax of the service, or lower http.concurrency.',
  store_credentials: 'Check the keys of the object store.',
  store_missing: 'Create the bucket or directory, or correct [store].',
  store_digest: 'It is sent again.',
  store_tampered: 'Something between this machine and the store changes bodies: a proxy?',
  clock_skewed: "Set this machine's clock; the message names both.",
  store_rejected: 'The store will not take this object; see its message.',
  publish_rejected: 'The database refused a statement; see its message and proto/d1.sql.',
  publish_credentials: 'Check the D1 token and account; vinny doctor tells which.',
  publish_missing: 'Correct d1.database_id (the UUID) or d1.account_id.',
  publish_tool: 'Install wrangler, or publish by REST.',
  lookup_credentials: 'Set LML_API_KEY to the lookup service’s token.',
  lookup_degraded: again,
  postgres_unavailable: 'Look after PostgreSQL, then run it again: what is done stays done.',
  postgres_refused: 'Correct [library] or the rights in PostgreSQL; the message names what it refused.',
  config_invalid: 'Run vinny config check.',
  too_many_redirects: 'Check the URL in a browser; correct the venue’s settings.',
  bad_xml: 'The sitemap is broken. ' + again, bad_encoding: again, http_unexpected: again,
  sitemap_too_large: 'Name a smaller sitemap in the venue’s settings.',
  sitemap_too_deep: 'Name the inner sitemap in the venue’s settings.',
  bad_archive: 'The message says what is missing or damaged in the list.',
  bad_html: theirs, bad_json: theirs, bad_url: theirs, blocked_scheme: theirs,
  redirect_downgrade: 'The site leads from https to http; politeness.follow_to_http allows it.',
  redirect_broken: theirs, manifest_error: theirs, inflate_bomb: theirs,
  proxy_failed: 'Check http.proxy and the proxy’s own rules; vinny doctor says which is in force.',
  proxy_unreachable: 'Start the proxy, or correct http.proxy; the work goes on from where it is.',
  proxy_credentials: 'Correct the user and password in http.proxy.',
  run_active: 'Wait for it, or cancel it.', not_found: 'Check the id or the key.',
  overloaded: 'By itself; more processors, or a larger thumbnails.queue, let more wait.',
  cancelled: 'Run again: the work goes on from there.',
  internal: 'A defect. Report it with the lines of the log around it.',
};
const no_cure = 'See “Troubleshooting” in docs/operations.md.';

// What each step is called; each system's script adds its own.
const steps = {};
const states = {
  queued: ['Queued', 'is-busy'], running: ['Running', 'is-busy'], done: ['Done', 'is-good'],
  partial: ['Done, some failed', 'is-warn'], failed: ['Failed', 'is-bad'],
  cancelled: ['Cancelled', 'is-warn'],
};
const is_active = (run) => !!run && (run.state === 'queued' || run.state === 'running');

const view = {
  status: null,      // /v1/status
  run: null,         // the run on display
  chosen: null,      // id of an older run that was asked for
  run_errors: [],
  log_errors: [],
  following: null,   // {id, abort} of the event stream
  images: [],        // one a tile
  signature: '',
  tiles_shown: page_of_tiles,
};

// ---- Talking to the daemon ------------------------------------------------------------------

let token = sessionStorage.getItem('token') || '';
function take_token_from_address() {
  const found = /(?:^#|&)token=([^&]+)/.exec(location.hash);
  if (!found) return;
  try { token = decodeURIComponent(found[1]); } catch { token = found[1]; }
  sessionStorage.setItem('token', token);
  history.replaceState(null, '', location.pathname);
}

class unauthorized extends Error {}

async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token) headers.set('Authorization', 'Bearer ' + token);
  const answer = await fetch(path, {...options, headers, cache: 'no-store', credentials: 'omit'});
  if (answer.status === 401) throw new unauthorized();
  if (!answer.ok) {
    let problem = {};
    try { problem = await answer.json(); } catch { /* not a problem document */ }
    const error = new Error(problem.detail || problem.title || `the daemon answered ${answer.status}`);
    error.problem = problem;
    throw error;
  }
  return answer;
}
const ask_json = async (path, options) => (await ask(path, options)).json();

// Server-sent events by fetch: EventSource cannot send the token.
async function* events_of(path, last_id, signal) {
  const headers = {Accept: 'text/event-stream'};
  if (last_id) headers['Last-Event-ID'] = last_id;
  const answer = await ask(path, {headers, signal});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = {name: 'message', data: [], id: last_id};
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r\n|\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.data.length) yield {...event, data: event.data.join('\n')};
        event = {name: 'message', data: [], id: event.id};
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'event') event.name = text;
      if (name === 'data') event.data.push(text);
      if (name === 'id') event.id = text;
    }
  }
}

// ---- Small helpers --------------------------------------------------------------------------

function make(tag, cls, text) {
  const element = document.createElement(tag);
  if (cls) element.className = cls;
  if (text !== undefined) element.textContent = text;
  return element;
}
function duration(ms) {
  if (!(ms >= 0)) return '';
  const s = ms / 1000;
  if (s < 10) return s.toFixed(1) + ' s';
  if (s < 60) return Math.round(s) + ' s';
  const m = Math.floor(s / 60);
  return m < 60 ? `${m} min ${Math.floor(s % 60)} s` : `${Math.floor(m / 60)} h ${m % 60} min`;
}
function took(run) {
  if (!run.started_at) return '';
  const end = run.finished_at ? Date.parse(run.finished_at) : Date.now();
  return duration(Math.max(0, end - Date.parse(run.started_at)));
}
function when(text) {
  const at = new Date(text);
  if (!text || isNaN(at)) return '–';
  const time = at.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  if (at.toDateString() === new Date().toDateString()) return time;
  return at.toLocaleDateString([], {day: 'numeric', month: 'short'}) + ' ' + time;
}
const bytes = (n) => n < 1e6 ? Math.round(n / 1e3) + ' KB' : (n / 1e6).toFixed(1) + ' MB';
function pill(state) {
  const [text, cls] = states[state] || [state, ''];
  return make('span', 'pill ' + cls, text);
}
function set_health(text, cls) {
  if ($('health').textContent !== text) $('health').textContent = text;
  $('health').className = 'pill ' + cls;
}
function notice(text) {
  $('notice').textContent = text || '';
  $('notice').hidden = !text;
}

// ---- The run --------------------------------------------------------------------------------

/// The runs that are going on, the eldest first.
function active_runs() {
  const s = view.status || {};
  return (s.active_runs || [s.active_run]).filter(is_active);
}

function draw_header() {
  const s = view.status;
  const active = active_runs();
  $('where').textContent = `${s.version} · ${s.data_dir}`;
  if (active.length) set_health(active.length > 1 ? `${active.length} running` : 'Running', 'is-busy');
  else if (s.ready) set_health('Ready', 'is-good');
  else set_health('Not ready', 'is-bad');
  const t = s.totals || {};
  $('foot').textContent = ['events', 'artists', 'images', 'objects']
    .filter((k) => k in t).map((k) => `${number.format(t[k])} ${k}`).join(' · ') +
    (s.config_file ? ` · ${s.config_file}` : '');
  document.title = active.length ? 'Running · Vinny' : 'Vinny';
}

// What a run of each kind shows: [title, counter, [counter, word]…]. Each system's script adds its
// own.
const funnels = {};
function funnel_of(run) { return (run && funnels[run.pipeline]) || funnels.sync || []; }
function draw_funnel(run) {
  const counts = run && run.counts || {};
  $('funnel').classList.toggle('three', funnel_of(run) !== funnels.sync);
  $('funnel').replaceChildren(...funnel_of(run).map(([label, key, ...notes]) => {
    const item = make('li');
    item.append(make('span', 'label', label),
                make('span', 'value', number.format(counts[key] || 0)));
    const note = make('span', 'note');
    for (const [name, word] of notes) {
      if (!counts[name]) continue;
      if (note.hasChildNodes()) note.append(' · ');
      const part = make(word === 'failed' ? 'a' : 'span', word === 'failed' ? 'bad' : '',
                        `${number.format(counts[name])} ${word}`);
      if (word === 'failed') part.href = '#problems';
      note.append(part);
    }
    item.append(note);
    return item;
  }));
}

/// Where several runs go on, which of them is shown.
function draw_active() {
  const active = active_runs();
  $('active').hidden = active.length < 2;
  $('active').replaceChildren(...active.map((run) => {
    const choose = make('button', '', run.pipeline);
    choose.type = 'button';
    choose.setAttribute('aria-pressed', String(Boolean(view.run && run.id === view.run.id)));
    choose.addEventListener('click', () => { view.chosen = run.id; refresh(); });
    return choose;
  }));
}

function draw_run() {
  const run = view.run;
  // One run of events at a time; those of other systems may go on beside it.
  const busy = active_runs().some((one) => funnel_of(one) === funnels.sync);
  $('start').hidden = busy;
  $('cancel').hidden = !is_active(run);
  draw_active();
  for (const box of document.querySelectorAll('.check')) box.hidden = busy;
  draw_funnel(run);
  if (!run) return;
  const title = $('run-title');
  const key = run.id + run.state;
  if (title.dataset.key !== key) {
    title.dataset.key = key;
    title.replaceChildren(is_active(run) ? 'This run' : view.chosen ? 'Run' : 'Last run', ' ', pill(run.state));
  }
  const p = run.params || {};
  const extras = funnel_of(run) !== funnels.sync ? [run.pipeline]
    : [p.full && 'everything anew', p.local && 'local database',
       Array.isArray(p.venues) && p.venues.length && p.venues.join(', ')].filter(Boolean);
  $('run-when').textContent =
    [run.id, run.started_at ? 'started ' + when(run.started_at) : 'waiting', took(run), ...extras]
      .filter(Boolean).join(' · ');
  $('run-error').textContent = run.error || '';
  $('run-error').hidden = !run.error;
}

function draw_stages(stages) {
  const shown = (stages || []).filter((s) => s.pending + s.active + s.done + s.failed > 0);
  $('stages').hidden = shown.length === 0;
  $('stages').replaceChildren(...shown.map((s) => {
    const box = make('div');
    const total = s.pending + s.active + s.done + s.failed;
    const name = make('dt');
    name.append(make('span', '', steps[s.step]),
                make('span', 'quiet', [s.active && `${number.format(s.active)} at work`,
                                       s.pending && `${number.format(s.pending)} waiting`,
                                       s.failed && `${number.format(s.failed)} failed`].filter(Boolean).join(' · ')));
    const bar = make('progress');
    bar.max = total || 1;
    bar.value = s.done + s.failed;
    bar.setAttribute('aria-label', `${steps[s.step]}: ${s.done + s.failed} of ${total}`);
    const value = make('dd');
    value.append(bar);
    box.append(name, value);
    return box;
  }));
}

async function follow(id) {
  if (view.following && view.following.id === id) return;
  stop_following();
  const me = view.following = {id, abort: new AbortController()};
  let last_id = '';
  let finished = false;
  for (let pause = 500; view.following === me && !finished;) {
    try {
      for await (const event of events_of(`/v1/runs/${encodeURIComponent(id)}/events`, last_id, me.abort.signal)) {
        pause = 500;
        last_id = event.id;
        on_event(event, id);
        if (event.name === 'finished') finished = true;
      }
    } catch (error) {
      if (error instanceof unauthorized) break;
    }
    // The stream may have ended because the run did, or because the daemon restarted.
    if (!finished && view.following === me) {
      await new Promise((go) => setTimeout(go, pause));
      pause = Math.min(pause * 2, 10000);
      const status = await ask_json('/v1/status').catch(() => null);
      if (status && !(status.active_runs || []).some((one) => one.id === id)) finished = true;
    }
  }
  if (view.following !== me) return;
  view.following = null;
  $('line').hidden = true;
  draw_stages([]);
  await refresh();
}
function stop_following() {
  if (view.following) view.following.abort.abort();
  view.following = null;
}

let images_due = 0;
function on_event(event, id) {
  let data;
  try { data = JSON.parse(event.data); } catch { return; }
  if (event.name === 'progress') {
    const shown = active_runs().find((one) => one.id === id);
    if (shown) Object.assign(shown, {state: data.state, counts: data.counts});
    if (view.run && view.run.id === id) {
      Object.assign(view.run, {state: data.state, counts: data.counts});
      draw_run();
      draw_stages(data.stages);
    }
    if (Date.now() > images_due) {  // the sheet fills while the run goes on
      images_due = Date.now() + 4000;
      load_images().catch(() => {});
    }
  } else if (event.name === 'log') {
    $('line').textContent = [data.step, data.message, data.host || data.key || data.url].filter(Boolean).join('  ·  ');
    $('line').hidden = false;
    if (data.level === 'warn' || data.level === 'error') {
      view.log_errors.unshift(data);
      draw_errors();
    }
  }
}

// ---- Problems and history -------------------------------------------------------------------

function draw_errors() {
  const seen = new Set();
  const all = [...view.run_errors, ...view.log_errors].filter((e) => {
    const key = [e.reason, e.url || e.key || '', e.reason && (e.url || e.key) ? '' : e.message].join('\n');
    return !seen.has(key) && seen.add(key);
  });
  $('errors-empty').hidden = all.length > 0;
  $('errors-count').textContent = all.length > shown_errors ? `last ${shown_errors} of ${all.length}` : all.length || '';
  $('errors').replaceChildren(...all.slice(0, shown_errors).map((e) => {
    const item = make('li');
    const head = make('p', 'what');
    head.append(make('span', 'tag ' + (e.level === 'warn' ? 'is-warn' : 'is-bad'), steps[e.step] || e.step || 'run'),
                e.message || e.reason);
    const about = [e.url || e.key || e.host, e.reason, e.attempts > 1 && `${e.attempts} attempts`,
                   e.timestamp && when(e.timestamp)];
    item.append(head, make('p', 'quiet', about.filter(Boolean).join(' · ')));
    item.append(make('p', 'cure', cures[e.reason] || e.cure || no_cure));
    return item;
  }));
}

function draw_runs(runs) {
  $('runs').replaceChildren(...runs.map((run) => {
    const row = make('tr');
    if (view.run && run.id === view.run.id) row.setAttribute('aria-current', 'true');
    const c = run.counts || {};
    const open = make('button', '', when(run.started_at));
    open.type = 'button';
    open.title = run.id;
    open.addEventListener('click', () => { view.chosen = run.id; refresh(); scrollTo({top: 0}); });
    const first = make('td');
    first.append(open);
    const state = make('td');
    state.append(make('span', (states[run.state] || [])[1] || '', (states[run.state] || [run.state])[0]));
    row.append(first, state, make('td', 'n', took(run)),
               make('td', 'n', number.format((c.images_fetched || 0) + (c.specimens_fetched || 0))),
               make('td', 'n', number.format(c.rows_written || 0)));
    return row;
  }));
}

// ---- The contact sheet ----------------------------------------------------------------------

/// One rendition an artist and venue: 'hd', or else the widest.
function best_of(images) {
  const best = new Map();
  for (const image of images) {
    const key = image.artist_slug + '\n' + image.venue_tag;
    const held = best.get(key);
    const rank = (i) => i.size === 'hd' ? Infinity : i.width * i.height;
    if (!held || rank(image) > rank(held)) best.set(key, image);
  }
  return [...best.values()].sort((a, b) =>
    a.artist.localeCompare(b.artist) || a.venue_tag.localeCompare(b.venue_tag));
}

async function load_images() {
  const all = [];
  for (let total = 1; all.length < total && all.length < 20000;) {
    const part = await ask_json(`/v1/images?limit=1000&offset=${all.length}`);
    if (part.images.length === 0) break;
    all.push(...part.images);
    total = part.total;
  }
  const signature = all.map((i) => `${i.key} ${i.bytes}`).join('\n');
  if (signature === view.signature) return;
  view.signature = signature;
  view.images = best_of(all);
  draw_tiles();
}

const pictures = new Map();   // "key bytes" → promise of a blob: URL
const waiting = [];
let loading = 0;
function picture(image) {
  const id = `${image.key} ${image.bytes}`;
  if (!pictures.has(id)) {
    pictures.set(id, new Promise((resolve, reject) => waiting.push({image, resolve, reject})));
    pictures.get(id).catch(() => pictures.delete(id));
    next_picture();
  }
  return pictures.get(id);
}
async function next_picture() {
  if (loading >= pictures_at_once || waiting.length === 0) return;
  ++loading;
  const {image, resolve, reject} = waiting.shift();
  try {
    const path = '/' + image.key.split('/').map(encodeURIComponent).join('/');
    resolve(URL.createObjectURL(await (await ask(path)).blob()));
  } catch (error) {
    reject(error);
  }
  --loading;
  next_picture();
}

const in_sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    in_sight.unobserve(entry.target);
    entry.target.load();
  }
}, {rootMargin: '300px'});

const tiles = new Map();      // "key bytes" → list item, kept while it stays on the sheet
function tile_of(image) {
  const id = `${image.key} ${image.bytes}`;
  if (tiles.has(id)) return tiles.get(id);
  const button = make('button', 'tile');
  button.type = 'button';
  const frame = make('span', 'frame');
  const img = make('img');
  img.alt = `${image.artist} at ${image.venue_tag}`;
  frame.append(img);
  const facts = make('span', 'facts');
  facts.append(make('span', '', image.venue_tag), make('span', '', `${image.width} × ${image.height}`));
  button.append(frame, make('span', 'name', image.artist), facts);
  button.addEventListener('click', () => open_viewer(image));
  const item = make('li');
  item.append(button);
  item.load = () => picture(image).then((source) => {
    img.onload = () => img.classList.add('loaded');
    img.onerror = () => frame.classList.add('broken');
    img.src = source;
  }, () => frame.classList.add('broken'));
  in_sight.observe(item);
  tiles.set(id, item);
  return item;
}

function draw_tiles() {
  const wanted = $('find').value.trim().toLowerCase();
  const matching = view.images.filter((i) =>
    !wanted || i.artist.toLowerCase().includes(wanted) || i.venue_tag.toLowerCase().includes(wanted) ||
    i.artist_slug.includes(wanted));
  const shown = matching.slice(0, view.tiles_shown);
  const known = new Set(view.images.map((i) => `${i.key} ${i.bytes}`));
  for (const [id, item] of tiles) {
    if (known.has(id)) continue;
    in_sight.unobserve(item);
    tiles.delete(id);
    if (pictures.has(id)) pictures.get(id).then(URL.revokeObjectURL, () => {});
    pictures.delete(id);
  }
  $('tiles').replaceChildren(...shown.map(tile_of));
  $('sheet-count').textContent = view.images.length ? number.format(matching.length) : '';
  $('sheet-empty').hidden = shown.length > 0;
  $('sheet-empty').textContent = view.images.length ? 'Nothing matches.' : 'Nothing is stored yet.';
  $('find').hidden = view.images.length === 0;
  $('more').hidden = matching.length <= shown.length;
}

function open_viewer(image) {
  const img = $('viewer-image');
  img.removeAttribute('src');
  img.alt = `${image.artist} at ${image.venue_tag}`;
  picture(image).then((source) => { img.src = source; }, () => {});
  $('viewer-title').textContent = image.artist;
  $('viewer-facts').textContent =
    `${image.venue_tag} · ${image.size} · ${image.width} × ${image.height} · ${bytes(image.bytes)} · ${image.key}`;
  const link = $('viewer-link');
  link.textContent = image.url;
  if (/^https?:\/\//.test(image.url)) link.href = image.url;
  else link.removeAttribute('href');
  $('viewer').showModal();
}

// ---- Putting it together --------------------------------------------------------------------

let first = true;
async function refresh() {
  try {
    view.status = await ask_json('/v1/status');
    $('ask').hidden = true;
    $('all').hidden = false;
    const active = active_runs();
    const wanted = active.find((one) => one.id === view.chosen);
    if (active.length) view.chosen = wanted ? wanted.id : null;
    view.run = wanted || active[0] || view.status.last_run;
    if (first) {
      $('local').checked = !!(view.run && view.run.params && view.run.params.local);
      first = false;
    }
    const id = view.chosen || (view.run && view.run.id);
    const [runs, errors, detail] = await Promise.all([
      ask_json('/v1/runs?limit=20'), ask_json('/v1/errors?limit=50'),
      id ? ask_json('/v1/runs/' + encodeURIComponent(id)).catch(() => null) : null]);
    if (detail && view.chosen) view.run = detail.run;
    view.run_errors = detail ? detail.errors : [];
    view.log_errors = errors.errors;
    draw_header();
    draw_run();
    draw_errors();
    draw_runs(runs.runs);
    if (is_active(view.run)) follow(view.run.id);
    await load_images();
  } catch (error) {
    if (error instanceof unauthorized) return ask_for_token();
    set_health('Not reachable', 'is-bad');
  }
}

function ask_for_token() {
  stop_following();
  $('ask-error').textContent = token ? 'This token was not accepted.' : '';
  token = '';
  sessionStorage.removeItem('token');
  $('all').hidden = true;
  $('ask').hidden = false;
  set_health('Locked', '');
  $('token').focus();
}

async function act(button, work) {
  button.disabled = true;
  notice('');
  try {
    await work();
  } catch (error) {
    if (error instanceof unauthorized) ask_for_token();
    else notice(error.problem ? error.message : 'The daemon cannot be reached.');
  }
  button.disabled = false;
  await refresh();
}

$('start').addEventListener('click', () => act($('start'), () => {
  view.chosen = null;
  const body = {pipeline: 'sync', full: $('full').checked, local: $('local').checked};
  return ask('/v1/runs', {method: 'POST', headers: {'Content-Type': 'application/json'},
                          body: JSON.stringify(body)});
}));
$('cancel').addEventListener('click', () => act($('cancel'), () => {
  const run = view.run;
  return is_active(run) && ask('/v1/runs/' + encodeURIComponent(run.id), {method: 'DELETE'});
}));
$('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  $('token').value = '';
  sessionStorage.setItem('token', token);
  refresh();
});
$('find').addEventListener('input', () => { view.tiles_shown = page_of_tiles; draw_tiles(); });
$('more').addEventListener('click', () => { view.tiles_shown += page_of_tiles; draw_tiles(); });
$('viewer').addEventListener('click', (event) => { if (event.target === $('viewer')) $('viewer').close(); });
addEventListener('hashchange', () => {
  if (!location.hash.includes('token=')) return;
  take_token_from_address();
  refresh();
});

setInterval(() => {  // the clock of a run that goes on
  if (is_active(view.run)) draw_run();
}, 1000);
setInterval(() => {  // a run that somebody else started
  if (!document.hidden && !view.following && $('ask').hidden) refresh();
}, 5000);

take_token_from_address();
// After the scripts of all systems.
addEventListener('DOMContentLoaded', refresh);
