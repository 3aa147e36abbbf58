// SPDX-License-Identifier: MIT
//
// The roll-ups over specimens and their images: counts that change with the rows, in the same
// transaction. Functions run inside catalog::write or catalog::read.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "catalog/database.hpp"
#include "specimens/model/specimen.hpp"

namespace vinny {

/// How the roll-ups change by what is being written.
class specimen_change {
 public:
  void image(std::int64_t host, specimen_state state, std::int64_t count) {
    images_[static_cast<std::size_t>(state)] += count;
    hosts_[host][static_cast<std::size_t>(state)] += count;
  }
  void specimen(specimen_status was, specimen_status is) {
    if (was == is) return;
    --specimens_[static_cast<std::size_t>(was)];
    ++specimens_[static_cast<std::size_t>(is)];
  }
  void raw(std::int64_t count) { raw_ += count; }
  void legacy(std::int64_t count) { legacy_ += count; }
  void write_to(database& db) const;

 private:
  std::array<std::int64_t, specimen_states> images_{};
  std::array<std::int64_t, specimen_statuses> specimens_{};
  std::unordered_map<std::int64_t, std::array<std::int64_t, specimen_states>> hosts_;
  std::int64_t raw_ = 0;
  std::int64_t legacy_ = 0;
};

struct specimen_totals {
  std::array<std::int64_t, specimen_states> images{};
  std::array<std::int64_t, specimen_statuses> specimens{};
  std::int64_t raw_unprocessed = 0;
  std::int64_t legacy_unverified = 0;
  friend bool operator==(specimen_totals const&, specimen_totals const&) = default;

  [[nodiscard]] std::int64_t of(specimen_state state) const noexcept {
    return images[static_cast<std::size_t>(state)];
  }
  [[nodiscard]] std::int64_t of(specimen_status status) const noexcept {
    return specimens[static_cast<std::size_t>(status)];
  }
  [[nodiscard]] std::int64_t all_images() const noexcept;
  [[nodiscard]] std::int64_t all_specimens() const noexcept;
};
[[nodiscard]] specimen_totals read_specimen_totals(database& db);

/// Makes them what was counted.
void write_specimen_totals(database& db, specimen_totals const& counted);

/// The host's number; it gets one when it is new.
[[nodiscard]] std::int64_t specimen_host_id(database& db, std::string const& name);

}  // namespace vinny
