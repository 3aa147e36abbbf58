// SPDX-License-Identifier: MIT
//
// The JSON files that other programs read beside the database. Pure, and the same facts give the
// same bytes.
#pragma once

#include <span>
#include <string>

#include "events/publish/rows.hpp"

namespace vinny {

/// The document of runs/<id>/events.json (proto/event.schema.json), one event a line.
[[nodiscard]] std::string events_document(published_facts const& facts,
                                          std::span<venue const> venues, size_list const& sizes,
                                          std::string const& public_url);
/// The document of image_manifest.json: every file by its dedup key, in order.
[[nodiscard]] std::string manifest_document(std::span<rendition_row const> renditions);

}  // namespace vinny
