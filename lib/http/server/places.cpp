// SPDX-License-Identifier: MIT
#include "http/server/places.hpp"

#include <unistd.h>

#include <algorithm>

namespace vinny {
namespace {

constexpr std::size_t stranger_share = 4;  // one place of so many

}  // namespace

std::size_t places::share_of(std::optional<uid_t> user) const noexcept {
  bool const trusted = user == uid_t{0} || user == ::geteuid();
  return trusted ? most_ : std::max<std::size_t>(most_ / stranger_share, 1);
}

std::shared_ptr<void> places::take(std::optional<uid_t> user) {
  if (taken_ >= most_) return nullptr;
  auto& theirs = by_user_[user];
  if (theirs >= share_of(user)) return nullptr;
  ++theirs;
  ++taken_;
  return {this, [user](places* all) {
            --all->taken_;
            auto const at = all->by_user_.find(user);
            if (--at->second == 0) all->by_user_.erase(at);
          }};
}

}  // namespace vinny
