// SPDX-License-Identifier: MIT
//
// Bodies of images that were fetched a moment ago: another file of the same image, for another
// artist, venue or size, is made without asking its host again. Lives on the loop.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace vinny {

class source_cache {
 public:
  using body = std::shared_ptr<std::string const>;

  explicit source_cache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Null when it is not, or no longer, there.
  [[nodiscard]] body find(std::string const& address) {
    auto const known = places_.find(address);
    if (known == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, known->second);
    return known->second->second;
  }
  /// Keeps a body; those that were not used for longest go.
  void keep(std::string const& address, body what) {
    if (what->size() > max_bytes_ || places_.contains(address)) return;
    bytes_ += what->size();
    entries_.emplace_front(address, std::move(what));
    places_[address] = entries_.begin();
    while (bytes_ > max_bytes_) forget(std::string{entries_.back().first});
  }
  void forget(std::string const& address) {
    auto const known = places_.find(address);
    if (known == places_.end()) return;
    bytes_ -= known->second->second->size();
    entries_.erase(known->second);
    places_.erase(known);
  }

 private:
  using entry_list = std::list<std::pair<std::string, body>>;

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  entry_list entries_;  // the latest first
  std::map<std::string, entry_list::iterator> places_;
};

}  // namespace vinny
