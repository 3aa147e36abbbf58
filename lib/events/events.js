// SPDX-License-Identifier: MIT
// What the page shows of runs over events.
'use strict';

Object.assign(steps, {scrape: 'Pages', images: 'Images', upload: 'Upload', publish: 'Publish'});

const of_sync = [
  ['Pages', 'pages_read', ['pages_found', 'found'], ['pages_unchanged', 'unchanged'], ['pages_past', 'past'], ['pages_failed', 'failed']],
  ['Events', 'events', ['events_elsewhere', 'elsewhere']],
  ['Images', 'images_fetched', ['images_found', 'found'], ['deferred', 'put off'], ['images_failed', 'failed']],
  ['Renditions', 'renditions'],
  ['Objects', 'objects_put', ['objects_unchanged', 'unchanged']],
  ['Rows', 'rows_written', ['rows_removed', 'removed'], ['rows_unchanged', 'unchanged']],
];
for (const kind of ['sync', 'scrape', 'images', 'upload', 'publish']) funnels[kind] = of_sync;
