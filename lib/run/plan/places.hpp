// SPDX-License-Identifier: MIT
//
// Which runs are active, and whose place each takes: a system has one place. Plain values; the
// engine does what they say.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

class run_places {
 public:
  /// The run that is in the way of one that wants these places; nothing: they are free.
  [[nodiscard]] std::optional<std::string> in_the_way(
      std::span<std::string_view const> wanted) const {
    for (auto const& one : taken_) {
      if (std::ranges::find_first_of(one.places, wanted) != one.places.end()) return one.run;
    }
    return std::nullopt;
  }
  /// Takes them; nobody may be in the way.
  void take(std::string run, std::span<std::string_view const> places) {
    taken_.push_back({std::move(run), {places.begin(), places.end()}});
  }
  void leave(std::string_view run) {
    std::erase_if(taken_, [&](held const& one) { return one.run == run; });
  }
  [[nodiscard]] bool is_taken(std::string_view system) const {
    return std::ranges::any_of(taken_, [&](held const& one) {
      return std::ranges::find(one.places, system) != one.places.end();
    });
  }
  [[nodiscard]] bool empty() const noexcept { return taken_.empty(); }

 private:
  struct held {
    std::string run;
    std::vector<std::string_view> places;
  };
  std::vector<held> taken_;  // the eldest first
};

}  // namespace vinny
