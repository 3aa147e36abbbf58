// SPDX-License-Identifier: MIT
#include "control/json_body.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.hpp"

namespace vinny {

namespace json = boost::json;

result<json::object> read_json_body(std::string_view body) {
  boost::system::error_code error;
  auto document = json::parse(body, error);
  if (error) return fail(errc::bad_json, fmt::format("the body is not JSON: {}", error.message()));
  if (!document.is_object()) return fail(errc::bad_json, "the body must be a JSON object");
  return std::move(document.get_object());
}

std::unexpected<failure> wrong_member(std::string_view member, std::string_view want) {
  return fail(errc::bad_json, fmt::format("'{}' must be {}", member, want));
}

std::unexpected<failure> unknown_member(std::string_view member, std::string_view known) {
  return fail(errc::bad_json,
              fmt::format("there is no member '{}'; known are {}", clip(member, 60), known));
}

result<> read_flag(boost::json::object const& body, std::string_view member, bool& out) {
  auto const* const value = body.if_contains(member);
  if (value == nullptr) return {};
  if (!value->is_bool()) return wrong_member(member, "true or false");
  out = value->get_bool();
  return {};
}

result<> read_number(boost::json::object const& body, std::string_view member, std::int64_t least,
                     std::int64_t most, std::int64_t& out) {
  auto const* const value = body.if_contains(member);
  if (value == nullptr) return {};
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
    return wrong_member(member, fmt::format("a number from {} to {}", least, most));
  }
  out = value->get_int64();
  return {};
}

result<> read_names(boost::json::object const& body, std::string_view member, std::string_view want,
                    std::size_t most, std::vector<std::string>& out) {
  auto const* const value = body.if_contains(member);
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().size() > most) return wrong_member(member, want);
  for (auto const& one : value->get_array()) {
    if (!one.is_string()) return wrong_member(member, want);
    out.emplace_back(one.get_string());
  }
  return {};
}

result<> read_path(boost::json::object const& body, std::string_view member, std::string& out) {
  constexpr std::size_t longest = 4096;
  auto const* const value = body.if_contains(member);
  if (value == nullptr) return {};
  bool const fits = value->is_string() && value->get_string().size() <= longest &&
                    (value->get_string().empty() || value->get_string().starts_with('/'));
  if (!fits) return wrong_member(member, "an absolute path");
  out = std::string{value->get_string()};
  return {};
}

}  // namespace vinny
