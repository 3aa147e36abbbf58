// SPDX-License-Identifier: MIT
//
// The lookup service over HTTP: one question, one answer, on kept-alive connections. A breaker
// keeps a service that does not answer from being asked by everybody, and its Retry-After holds for
// all. Lives on the loop. The token is in a header only.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "config/config.hpp"
#include "http/connection/pool.hpp"
#include "library/source/lookup.hpp"
#include "policy/host_lane.hpp"
#include "task/condition.hpp"

namespace vinny {

/// Who asks: the service decides by it how long it looks.
struct lookup_caller {
  std::string_view reason;
  bool patient = false;  // asks again what failed, and gives the service its longest time
};
inline constexpr lookup_caller backfill_caller{"library-artwork-url-backfill", true};
inline constexpr lookup_caller search_caller{"library-search", false};

class lookup_service {
 public:
  /// Null when no library.lookup_url is configured. Lets `dial` connect there without questions:
  /// the operator named it. `pool` must outlive it.
  [[nodiscard]] static std::unique_ptr<lookup_service> make(config const& settings,
                                                            connection_pool& pool, dialer& dial);

  /// Errors: those of read_lookup() and of connections, after all attempts; host_breaker_open and
  /// host_cooling_down, with retry_at: nothing was sent.
  [[nodiscard]] task<result<lookup_outcome>> ask(library_question what, artwork_trust trust,
                                                 lookup_caller caller, deadline limit);

  /// Why nobody may ask now.
  [[nodiscard]] std::optional<failure> blocked() const;

 private:
  lookup_service(config const& settings, url where, connection_pool& pool);
  [[nodiscard]] task<result<response>> exchange(library_question const& what, lookup_caller caller,
                                                deadline limit);
  class probe;
  void learn(result<lookup_outcome> const& outcome);
  [[nodiscard]] failure without_token(failure why) const;

  url where_;
  connection_pool& pool_;
  secret token_;
  std::string user_agent_;
  int attempts_;
  host_lane lane_;
  bool probing_ = false;  // one lookup is out to try a service that was silent
  condition probed_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace vinny
