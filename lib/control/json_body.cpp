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

}  // namespace vinny
