// SPDX-License-Identifier: MIT
//
// robots.txt by origin (RFC 9309): asked once, kept for a day, remembered over restarts. Those
// who ask while it is being fetched wait for the one fetch.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "http/host_memory.hpp"
#include "http/message.hpp"
#include "policy/robots.hpp"
#include "task/condition.hpp"

namespace vinny {

class robots_cache {
 public:
  using fetcher = std::function<task<result<response>>(url robots_txt)>;

  explicit robots_cache(host_memory* memory) : memory_(memory) {}

  /// The rules of a URL's origin. A 4xx allows everything; 5xx, 429 and an unreachable host
  /// forbid everything until a later asker can read it, unless a copy of at most 30 days is at
  /// hand. Errors: robots_unreachable, or the fetch's own when the host may not be asked at all
  /// (blocked_address, host_cooling_down ...). Who waited for a fetch shares its failure.
  [[nodiscard]] task<result<std::shared_ptr<robots_rules const>>> rules(url target, fetcher fetch,
                                                                        deadline limit);

 private:
  struct entry {
    bool busy = false;
    std::optional<failure> trouble{};  // why the latest fetch failed
    std::shared_ptr<robots_rules const> rules;
    instant fetched_at{};
    instant expires{};
    condition ready;
  };
  [[nodiscard]] task<result<>> refresh(std::string origin, url target, fetcher fetch,
                                       std::shared_ptr<entry> place);
  void adopt(entry& place, robots_record const& record);

  host_memory* memory_;
  std::map<std::string, std::shared_ptr<entry>> entries_;
};

}  // namespace vinny
