// SPDX-License-Identifier: MIT
//
// Errors told to a Sentry-compatible service: one envelope for each. The DSN's key is a secret: no
// failure repeats it.
// Source: Sentry's developer documentation, "Envelopes" and "Event Payloads".
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "core/time.hpp"
#include "http/connection/pool.hpp"

namespace vinny {

/// An error as it is filed: by tool and kind, whatever the message.
struct error_report {
  std::string id{};  // 32 hexadecimal digits; one error told twice is one
  instant at{};
  std::string kind{};  // the reason
  std::string message{};
  std::string tool{};
  std::string step{};
  std::string run_id{};
  std::vector<std::pair<std::string, std::string>> extra{};  // row_id, artist, …
};

/// Where a DSN's envelopes go, and its public key. Fails with bad_url.
struct sentry_address {
  url where;
  std::string key;
  [[nodiscard]] static result<sentry_address> from_dsn(std::string_view dsn);
};

/// Headers and event, a line each.
[[nodiscard]] std::string sentry_envelope(error_report const& what, sentry_config const& how,
                                          instant sent_at);

class sentry {
 public:
  /// Null when no sentry.dsn is configured. Lets `dial` connect there without questions: the
  /// operator named it. `pool` must outlive it.
  [[nodiscard]] static std::unique_ptr<sentry> make(config const& settings, connection_pool& pool,
                                                    dialer& dial);

  /// Errors: those of connections; http_too_many_requests, http_unexpected.
  [[nodiscard]] task<result<>> send(error_report const& what, deadline limit);

 private:
  sentry(config const& settings, sentry_address to, connection_pool& pool);

  sentry_address to_;
  sentry_config how_;
  std::string user_agent_;
  connection_pool& pool_;
};

}  // namespace vinny
