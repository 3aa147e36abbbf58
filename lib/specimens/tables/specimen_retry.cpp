// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_retry.hpp"

#include <algorithm>
#include <array>

#include "policy/classify.hpp"
#include "run/context.hpp"
#include "specimens/source/specimen_failure.hpp"
#include "specimens/tables/specimen_refusals.hpp"

namespace vinny {
namespace {

constexpr std::size_t refusals_at_once = 10'000;

/// What reports call several codes by.
constexpr std::array<std::string_view, 6> report_words{
    "rate_limited", "timeout", "server_error", "connection_broken", "truncated", "no_url"};

std::string report_word(errc code, int status) {
  failure why{code};
  why.http_status = status;
  return failure_type(why);
}

/// The status that has a failure of its own; 0: none.
int status_of(errc code) {
  for (int status = 400; status < 500; ++status) {
    if (from_status(status) == code && code != errc::http_unexpected) return status;
  }
  return 0;
}

std::optional<std::string> reason_of_specimen(std::string_view said) {
  if (auto const status = status_in(said)) return report_word(from_status(*status), *status);
  if (std::ranges::find(report_words, said) != report_words.end()) return std::string{said};
  auto const code = errc_from_name(said);
  if (name(code) == said) return report_word(code, status_of(code));
  return std::nullopt;
}

retry_step retry_specimens(database& db, retry_wish const& wish) {
  auto const since_ms = wish.since ? to_ms(*wish.since) : 0;
  auto seen = retry_refusals(db, {.reason = wish.reason, .host = wish.host, .since_ms = since_ms},
                             wish.after, refusals_at_once, wish.apply);
  return {.by_reason = std::move(seen.by_reason), .after = seen.last};
}

constexpr retry_kind kind{"specimens", "/v1/specimens/retry", reason_of_specimen, retry_specimens};

}  // namespace

retry_kind const& specimen_retry() noexcept {
  return kind;
}

}  // namespace vinny
