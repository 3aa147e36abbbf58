// SPDX-License-Identifier: MIT
// What the page shows of clocks.
'use strict';

steps.clocks = 'Clocks';
funnels['clocks-wind'] = [['Wound', 'clocks_wound', ['clocks_broken', 'broken']]];
