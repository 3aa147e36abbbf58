// SPDX-License-Identifier: MIT
#include "control/answers/host_change.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "control/json_body.hpp"
#include "core/host_name.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_delay_ms = 3'600'000;
constexpr std::int64_t most_concurrency = 1'000;

template <class T>
result<> read_wish(std::string_view member, json::value const& value, std::int64_t least,
                   std::int64_t most, host_change::wish<T>& out) {
  out.made = true;
  if (value.is_null()) return {};
  if (!value.is_int64() || value.get_int64() < least || value.get_int64() > most) {
    return wrong_member(member, fmt::format("a number from {} to {}, or null", least, most));
  }
  out.value = T{static_cast<int>(value.get_int64())};
  return {};
}

}  // namespace

result<host_change> parse_host_change(std::string_view body) {
  auto const document = read_json_body(body);
  if (!document) return std::unexpected(document.error());
  host_change out;
  for (auto const& [key, value] : *document) {
    std::string_view const member = key;
    result<> read;
    if (member == "release") {
      if (!value.is_bool()) return wrong_member(member, "true or false");
      out.release = value.get_bool();
    } else if (member == "delay_ms") {
      read = read_wish(member, value, 0, longest_delay_ms, out.delay);
    } else if (member == "concurrency") {
      read = read_wish(member, value, 1, most_concurrency, out.concurrency);
    } else {
      return unknown_member(member, "release, delay_ms, concurrency");
    }
    if (!read) return std::unexpected(read.error());
  }
  return out;
}

std::string to_json(host_change const& change) {
  json::object out;
  if (change.release) out["release"] = true;
  if (change.delay.made) {
    auto const& value = change.delay.value;
    out["delay_ms"] = value ? json::value(value->count()) : json::value{};
  }
  if (change.concurrency.made) {
    auto const& value = change.concurrency.value;
    out["concurrency"] = value ? json::value(*value) : json::value{};
  }
  return json::serialize(out);
}

result<std::string> parse_host_name(std::string_view text) {
  bool const bracketed = text.starts_with('[');
  if (auto const host = parse_host(text); host && !bracketed) return bare_host(*host);
  return fail(errc::bad_url,
              fmt::format("'{}' is not a host's name, such as iiif.example.org", clip(text, 80)));
}

}  // namespace vinny
