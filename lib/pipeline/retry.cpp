// SPDX-License-Identifier: MIT
#include "pipeline/retry.hpp"

#include <algorithm>
#include <charconv>

#include "catalog/image_refusals.hpp"
#include "catalog/specimen_refusals.hpp"
#include "core/text.hpp"
#include "pipeline/context.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::size_t refusals_at_once = 10'000;
constexpr int longest_span = 100'000;  // days or hours

/// "http_403" as specimens' reports have it is http_forbidden to artists' images.
std::optional<std::string> picture_reason(std::optional<std::string> reason) {
  constexpr std::string_view by_status = "http_";
  if (!reason || !reason->starts_with(by_status)) return reason;
  auto const digits = std::string_view{*reason}.substr(by_status.size());
  int status = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (error != std::errc{} || end != digits.data() + digits.size()) return reason;
  return std::string{name(from_status(status))};
}

}  // namespace

std::int64_t retry_step::total() const noexcept {
  std::int64_t out = 0;
  for (auto const& [reason, count] : by_reason) out += count;
  return out;
}

task<result<retry_step>> retry_refused(catalog& facts, retry_wish wish) {
  auto const since_ms = wish.since ? to_ms(*wish.since) : 0;
  auto step = [wish, since_ms](database& db) -> retry_step {
    if (wish.what == retry_of::images) {
      return {
          .by_reason = retry_pictures(
              db, {.reason = picture_reason(wish.reason), .host = wish.host, .since_ms = since_ms},
              wish.apply),
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
