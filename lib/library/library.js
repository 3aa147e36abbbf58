// SPDX-License-Identifier: MIT
// What the page shows of runs over the library.
'use strict';

steps.library = 'Library';

Object.assign(funnels, {
  'library-import': [
    ['Rows', 'library_rows', ['library_rejected', 'lines rejected']],
    ['Artists', 'library_artists'],
  ],
  'library-backfill': [
    ['Asked for', 'scanned', ['lml_error', 'failed']],
    ['Artwork', 'enriched_match', ['enriched_match_raced', 'raced'], ['enriched_no_match', 'without']],
    ['Left', 'remaining', ['deferred', 'put off']],
  ],
  'library-artist-names': [['Named', 'library_named'], ['Without', 'remaining']],
});
