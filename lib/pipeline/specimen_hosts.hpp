// SPDX-License-Identifier: MIT
//
// Whose turn it is: hosts with pending images, one after the other, each with the place up to which
// its images were claimed. A window onto the catalog's work list; pure but for its memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/specimen_work.hpp"

namespace vinny {

class specimen_hosts {
 public:
  struct host {
    std::string name;
    std::int64_t claimed = 0;  // up to this image
    int in_hand = 0;
    bool empty = false;         // nothing is left behind `claimed`
    std::int64_t rests_ms = 0;  // not before
  };

  void open(std::vector<specimen_host> const& all);

  /// The next host in turn that has room and images, at `now_ms`; `room` gives how many more of a
  /// host's images may be in hand. Nothing: none has.
  struct turn {
    std::int64_t id = 0;
    std::int64_t after = 0;
    std::size_t room = 0;
    std::size_t in_hand = 0;
  };
  template <class Room>
  [[nodiscard]] std::optional<turn> next(std::int64_t now_ms, Room room) {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      auto at = hosts_.upper_bound(last_);
      if (at == hosts_.end()) at = hosts_.begin();
      last_ = at->first;
      auto const& one = at->second;
      if (one.empty || one.rests_ms > now_ms) continue;
      auto const most = room(one.name);
      if (most <= static_cast<std::size_t>(one.in_hand)) continue;
      auto const in_hand = static_cast<std::size_t>(one.in_hand);
      return turn{at->first, one.claimed, most - in_hand, in_hand};
    }
    return std::nullopt;
  }
  /// What is taken of it; `more`: others lie behind.
  void claimed(turn const& whose, std::vector<specimen_job> const& found, bool more);
  /// A host of an image that has failed before; it need not have pending ones.
  void know(std::int64_t id, std::string const& name);
  /// The host neither rests nor has its hands full.
  template <class Room>
  [[nodiscard]] bool may_take(std::int64_t id, std::int64_t now_ms, Room room) const {
    auto const at = hosts_.find(id);
    return at == hosts_.end() || (at->second.rests_ms <= now_ms &&
                                  std::cmp_less(at->second.in_hand, room(at->second.name)));
  }
  [[nodiscard]] std::string name_of(std::int64_t id) const;
  void took(std::int64_t id);
  void released(std::int64_t id);
  /// The host wants to be left alone: this image, and what lies behind it, later.
  void rest(std::int64_t id, std::int64_t image, std::int64_t until_ms);
  /// The same of an image that is not pending.
  void rest(std::int64_t id, std::int64_t until_ms);
  /// When the first resting host that has images may be asked; nothing: no such host.
  [[nodiscard]] std::optional<std::int64_t> next_rest_ends(std::int64_t now_ms) const;
  /// A host that is not resting may have images that are not claimed.
  [[nodiscard]] bool any_open(std::int64_t now_ms) const;

 private:
  std::map<std::int64_t, host> hosts_;
  std::int64_t last_ = 0;
};

}  // namespace vinny
