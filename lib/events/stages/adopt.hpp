// SPDX-License-Identifier: MIT
//
// Files that an older installation left: found by their name in the older layout, or by its
// image_manifest.json, proven to be whole images, and taken over instead of fetched again.
#pragma once

#include <optional>

#include "events/tables/images.hpp"
#include "run/context.hpp"

namespace vinny {

/// Reads `<data_dir>/image_manifest.json` into the catalog, once in a catalog's life. A manifest
/// that cannot be read is logged and left alone.
[[nodiscard]] task<result<>> import_manifest(run_context& context);

/// Takes over the file of a rendition that was never made here, if there is a good one: it must
/// decode, and fit the rendition's box.
[[nodiscard]] task<result<std::optional<made_rendition>>> adopt(run_context& context,
                                                                wanted_rendition wanted);

}  // namespace vinny
