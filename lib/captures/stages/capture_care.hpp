// SPDX-License-Identifier: MIT
//
// Captures' objects and rows are kept true to each other: every upload has a row, every row's
// object exists, objects without a row are removed.
#pragma once

#include "captures/tables/thumbnails.hpp"
#include "run/engine.hpp"

namespace vinny {

/// Looks at a picture that came with a request and puts it into the store. What is given back has
/// to be recorded (add_capture, spare_object); until then the object is doomed. Errors: those of
/// inspect(), of the store and of the catalog.
[[nodiscard]] task<result<capture>> store_upload(engine& work, std::string collection,
                                                 std::string bytes);

/// Asks the store about a thumbnail; true: it is gone, and so is its row now.
[[nodiscard]] task<result<bool>> check_thumbnail(catalog& facts, object_store& store,
                                                 stored_thumbnail one, deadline limit);

/// Removes doomed objects whose time has come; how many.
[[nodiscard]] task<result<std::int64_t>> remove_doomed(catalog& facts, object_store& store);

/// Every thumbnail is asked for, and every object under thumbnails/ that is of this catalog and
/// that nobody names is removed. Counts in context.
[[nodiscard]] task<result<>> check_thumbnails(run_context& context);

/// The daemon's part: doomed objects as their time comes, and each thumbnail once in store.sweep_s.
/// Goes on until it is cancelled. `work` must outlive it.
[[nodiscard]] task<> care_for_captures(engine& work);

}  // namespace vinny
