// SPDX-License-Identifier: MIT
#include "run/retry.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr int longest_span = 100'000;  // days or hours

}  // namespace

std::optional<int> status_in(std::string_view said) {
  constexpr std::string_view by_status = "http_";
  if (said.starts_with(by_status)) said.remove_prefix(by_status.size());
  int status = 0;
  auto const [end, error] = std::from_chars(said.data(), said.data() + said.size(), status);
  bool const whole = error == std::errc{} && end == said.data() + said.size();
  return whole && said.size() == 3 && status >= 100 ? std::optional{status} : std::nullopt;
}

result<std::string> kept_reason(retry_kind const& what, std::string_view said) {
  if (auto kept = what.kept_reason(said)) return std::move(*kept);
  return fail(errc::bad_json,
              fmt::format("'{}' is no reason; it is one of those that `vinny {} retry --dry-run` "
                          "and the log have, such as http_403 or tls_certificate",
                          printable(clip(said, 60)), what.name));
}

std::int64_t retry_step::total() const noexcept {
  std::int64_t out = 0;
  for (auto const& [reason, count] : by_reason) out += count;
  return out;
}

task<result<retry_step>> retry_refused(catalog& facts, retry_kind const& what, retry_wish wish) {
  auto step = [take = what.take, wish](database& db) { return take(db, wish); };
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
