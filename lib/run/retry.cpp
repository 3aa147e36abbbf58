// SPDX-License-Identifier: MIT
#include "run/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"
#include "events/tables/image_refusals.hpp"
#include "policy/classify.hpp"
#include "run/context.hpp"
#include "specimens/source/specimen_failure.hpp"
#include "specimens/tables/specimen_refusals.hpp"

namespace vinny {
namespace {

constexpr std::size_t refusals_at_once = 10'000;
constexpr int longest_span = 100'000;  // days or hours

/// What specimens' reports call several codes by.
constexpr std::array<std::string_view, 6> report_words{
    "rate_limited", "timeout", "server_error", "connection_broken", "truncated", "no_url"};

/// Of "http_403" or "403".
std::optional<int> status_in(std::string_view said) {
  constexpr std::string_view by_status = "http_";
  if (said.starts_with(by_status)) said.remove_prefix(by_status.size());
  int status = 0;
  auto const [end, error] = std::from_chars(said.data(), said.data() + said.size(), status);
  bool const whole = error == std::errc{} && end == said.data() + said.size();
  return whole && said.size() == 3 && status >= 100 ? std::optional{status} : std::nullopt;
}

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

}  // namespace

result<std::string> kept_reason(retry_of what, std::string_view said) {
  auto const status = status_in(said);
  auto const code = errc_from_name(said);
  bool const is_name = name(code) == said;
  if (what == retry_of::images) {
    if (status) return std::string{name(from_status(*status))};
    if (is_name) return std::string{said};
  } else {
    if (status) return report_word(from_status(*status), *status);
    if (std::ranges::find(report_words, said) != report_words.end()) return std::string{said};
    if (is_name) return report_word(code, status_of(code));
  }
  return fail(
      errc::bad_json,
      fmt::format("'{}' is no reason; it is one of those that `vinny {} retry --dry-run` "
                  "and the log have, such as http_403 or tls_certificate",
                  printable(clip(said, 60)), what == retry_of::images ? "images" : "specimens"));
}

std::int64_t retry_step::total() const noexcept {
  std::int64_t out = 0;
  for (auto const& [reason, count] : by_reason) out += count;
  return out;
}

task<result<retry_step>> retry_refused(catalog& facts, retry_wish wish) {
  auto const since_ms = wish.since ? to_ms(*wish.since) : 0;
  auto step = [wish, since_ms](database& db) -> retry_step {
    if (wish.what == retry_of::images) {
      return {.by_reason = retry_pictures(
                  db, {.reason = wish.reason, .host = wish.host, .since_ms = since_ms}, wish.apply),
              .after = 0};
    }
    auto seen = retry_refusals(db, {.reason = wish.reason, .host = wish.host, .since_ms = since_ms},
                               wish.after, refusals_at_once, wish.apply);
    return {.by_reason = std::move(seen.by_reason), .after = seen.last};
  };
  if (wish.apply) co_return co_await facts.write(std::move(step));
  co_return co_await facts.read(std::move(step));
}

std::optional<instant> parse_since(std::string_view text, instant now) {
  text = trim(text);
  int count = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  auto const unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error == std::errc{} && count >= 0 && count <= longest_span) {
    if (unit == "d") return now - std::chrono::days{count};
    if (unit == "h") return now - std::chrono::hours{count};
  }
  if (auto const moment = from_rfc3339(text)) return moment;
  return from_rfc3339(std::string{text} + "T00:00:00Z");
}

}  // namespace vinny
