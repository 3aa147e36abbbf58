// SPDX-License-Identifier: MIT
//
// A list of specimens' images put into the catalog: what is new is added, what has other addresses
// is changed, what no list names any more is retired and keeps its state and file. Functions run
// inside catalog::write.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "specimens/tables/specimen_totals.hpp"

namespace vinny {

/// The work list over the pending images. Into an empty catalog rows go twice as fast without it,
/// and it is made in one go afterwards; whoever works the list makes sure of it.
void drop_empty_work_list(database& db);
void ensure_work_list(database& db);
[[nodiscard]] bool has_work_list(database& db);

struct list_merge {
  std::int64_t added = 0;
  std::int64_t changed = 0;   // other addresses
  std::int64_t returned = 0;  // was retired
  std::int64_t retired = 0;
  std::int64_t images = 0;     // of the list
  std::int64_t specimens = 0;  // of the list
};

/// Tells which photograph a URL shows: URLs of one specimen with the same key are one image.
using image_key_of = std::function<std::string_view(std::string_view url)>;

/// Puts a batch in. Everything between `after`, the last gbifID of the batch before, and the
/// batch's own last is as the batch says: images that it does not name are retired.
[[nodiscard]] list_merge merge_list(database& db, specimen_batch const& batch, std::int64_t after,
                                    image_key_of const& key);
struct retired_rest {
  std::int64_t last_gbif_id = 0;
  std::int64_t images = 0;
  bool more = false;
};
/// Retires what lies behind the last specimen of a list, some `most` images a call.
[[nodiscard]] retired_rest retire_rest(database& db, std::int64_t after, std::int64_t most);

/// From now on nothing is counted any more; forget_specimens() then takes the rows away, at most so
/// many a call. False: nothing is left.
void begin_forgetting(database& db);
[[nodiscard]] bool forget_specimens(database& db, std::int64_t most);

void add_rejected(database& db, std::vector<rejected_row> const& rows);
void forget_rejected(database& db);

/// What was counted again so far.
struct recount_state {
  std::int64_t after = -1;  // the last gbifID
  specimen_totals sums;
  std::map<std::int64_t, std::array<std::int64_t, specimen_states>> hosts;
};
/// Goes on counting, some `most` images a call. False: it has gone through all.
[[nodiscard]] bool recount(database& db, recount_state& state, std::int64_t most);
/// True when the roll-ups say what was counted.
[[nodiscard]] bool counts_agree(database& db, recount_state const& state);
/// Writes what was counted. True: something was wrong before.
[[nodiscard]] bool write_recount(database& db, recount_state const& state);

}  // namespace vinny
