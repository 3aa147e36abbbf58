// SPDX-License-Identifier: MIT
//
// Opening again what was refused, by the operator's word: counted first, in steps of bounded size,
// also while a run works on the same list. On the loop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.hpp"
#include "core/time.hpp"
#include "task/task.hpp"

namespace vinny {

struct retry_step;
struct retry_wish;

/// Refusals of one system: how they are named, and opened again.
struct retry_kind {
  std::string_view name;  // "images": `vinny images retry`, POST /v1/images/retry
  std::string_view path;
  /// The word under which a reason is kept, from that word, from the one that the log has
  /// (http_forbidden), or from a status ("403", "http_403"). Nothing: it is no reason.
  std::optional<std::string> (*kept_reason)(std::string_view said);
  retry_step (*take)(database& db, retry_wish const& wish);
};

struct retry_wish {
  std::optional<std::string> reason{};  // as reports have it: http_403, tls_certificate …
  std::optional<std::string> host{};    // bare name
  std::optional<instant> since{};       // refused then or later
  bool apply = false;                   // false: only count
  std::int64_t after = 0;               // where the last step ended
};

struct retry_step {
  std::map<std::string, std::int64_t> by_reason;  // of those that are meant
  std::int64_t after = 0;                         // where the next one begins; 0: this was the last

  [[nodiscard]] std::int64_t total() const noexcept;
};

/// The kind's own word for a reason. Fails with bad_json.
[[nodiscard]] result<std::string> kept_reason(retry_kind const& what, std::string_view said);
/// Of "http_403" or "403".
[[nodiscard]] std::optional<int> status_in(std::string_view said);

/// One step. Errors: the catalog's.
[[nodiscard]] task<result<retry_step>> retry_refused(catalog& facts, retry_kind const& what,
                                                     retry_wish wish);

/// "2026-11-20", "2026-11-20T08:00:00Z", "3d", "12h": the instant that is meant. Nothing: none is.
[[nodiscard]] std::optional<instant> parse_since(std::string_view text, instant now);

}  // namespace vinny
