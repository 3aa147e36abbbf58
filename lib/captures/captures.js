// SPDX-License-Identifier: MIT
// The gallery of the captures: thumbnails straight from the store where they exist, else by the
// route that makes them; how many of those on display are which.
'use strict';

steps.captures = 'Captures';

funnels['captures-sync'] = [
  ['Captures', 'captures_found'],
  ['Added', 'captures_added', ['captures_changed', 'changed']],
  ['Removed', 'captures_removed'],
];
funnels['verify'] = [
  ['Thumbnails', 'thumbnails_checked', ['thumbnails_lost', 'had been lost']],
  ['Objects lost', 'objects_lost', ['objects_changed', 'had changed']],
  ['Unnamed objects', 'objects_unnamed'],
];

const gallery = {
  rows: [],          // of /v1/captures, newest first
  next: null,        // where the next page begins
  tiles: new Map(),  // id → list item, kept while its capture is on display
  busy: false,
};
const gallery_page = 40;
const made_by_route = (address) => address.includes('/v1/captures/thumbnails/');

/// The first configured size; nothing in a private collection, or without sizes.
function shown_address(capture) {
  return capture.thumbnails ? Object.values(capture.thumbnails)[0] : undefined;
}
function capture_name(capture) {
  const path = capture.location.split(/[?#]/)[0];
  const name = path.slice(path.lastIndexOf('/') + 1) || `capture ${capture.id}`;
  try { return decodeURIComponent(name); } catch { return name; }
}

function capture_tile(capture) {
  if (gallery.tiles.has(capture.id)) return gallery.tiles.get(capture.id);
  const item = make('li');
  const frame = make('span', 'frame');
  const address = shown_address(capture);
  const link = make('a', 'tile');
  if (capture.url && /^https?:\/\//.test(capture.url)) {
    link.href = capture.url;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  if (address) {
    const img = make('img');
    img.alt = capture_name(capture);
    img.loading = 'lazy';
    img.onload = () => img.classList.add('loaded');
    img.onerror = () => frame.classList.add('broken');
    img.src = address;
    frame.append(img);
  } else {
    frame.classList.add('broken');
  }
  const facts = make('span', 'facts');
  facts.append(make('span', '', capture.collection),
               make('span', '', capture.bytes ? bytes(capture.bytes) : ''));
  link.append(frame, make('span', 'name', capture_name(capture)), facts);
  item.append(link);
  gallery.tiles.set(capture.id, item);
  return item;
}

function draw_gallery() {
  const known = new Set(gallery.rows.map((c) => c.id));
  for (const id of gallery.tiles.keys()) if (!known.has(id)) gallery.tiles.delete(id);
  $('captures').hidden = gallery.rows.length === 0;
  const all = gallery.rows.flatMap((c) => c.thumbnails ? Object.values(c.thumbnails) : []);
  const cold = all.filter(made_by_route).length;
  const hidden = gallery.rows.filter((c) => !c.thumbnails).length;
  $('captures-count').textContent = number.format(gallery.rows.length) + (gallery.next ? ' newest' : '');
  $('captures-state').textContent =
    [`${number.format(all.length - cold)} thumbnails in the store`,
     `${number.format(cold)} not made yet`,
     hidden && `${number.format(hidden)} in private collections`].filter(Boolean).join(' · ');
  const wanted = gallery.rows.map(capture_tile);
  const there = $('captures-tiles').children;
  if (wanted.length !== there.length || wanted.some((tile, i) => tile !== there[i])) {
    $('captures-tiles').replaceChildren(...wanted);
  }
  $('captures-more').hidden = !gallery.next;
}

async function read_captures(limit, cursor) {
  return ask_json(`/v1/captures?limit=${limit}` + (cursor ? `&cursor=${cursor}` : ''));
}

/// What is on display, anew; with `more`, one page more.
async function load_captures(more) {
  if (gallery.busy || (!more && $('all').hidden)) return;
  gallery.busy = true;
  try {
    if (more) {
      const page = await read_captures(gallery_page, gallery.next);
      gallery.rows.push(...page.captures);
      gallery.next = page.next;
    } else {
      const wanted = Math.min(Math.max(gallery.rows.length, gallery_page), 200);
      const page = await read_captures(wanted);
      const older = gallery.rows.length > wanted
        ? gallery.rows.filter((c) => !page.next || c.id < Number(page.next)) : [];
      gallery.rows = [...page.captures, ...older];
      if (!older.length) gallery.next = page.next;
    }
    draw_gallery();
  } catch (error) {
    if (!(error instanceof unauthorized)) set_health('Not reachable', 'is-bad');
  }
  gallery.busy = false;
}

$('captures-more').addEventListener('click', () => load_captures(true));
$('captures-sync').addEventListener('click', () => act($('captures-sync'), async () => {
  view.chosen = null;
  await ask('/v1/runs', {method: 'POST', headers: {'Content-Type': 'application/json'},
                         body: JSON.stringify({pipeline: 'captures-sync'})});
}));
setInterval(() => { if (!document.hidden) load_captures(false); }, 5000);
setTimeout(() => load_captures(false), 300);
