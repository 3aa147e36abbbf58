// SPDX-License-Identifier: MIT
//
// What the control endpoint's readers of JSON bodies have in common.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

/// A body that is a JSON object. Fails with bad_json.
[[nodiscard]] result<boost::json::object> read_json_body(std::string_view body);

/// bad_json: "'member' must be want".
[[nodiscard]] std::unexpected<failure> wrong_member(std::string_view member, std::string_view want);
/// bad_json: there is no such member; `known` names those that there are.
[[nodiscard]] std::unexpected<failure> unknown_member(std::string_view member,
                                                      std::string_view known);

// Each of these reads one member of a body into `out`, and leaves `out` alone where there is none.
// They fail with bad_json, naming the member.
[[nodiscard]] result<> read_flag(boost::json::object const& body, std::string_view member,
                                 bool& out);
/// From `least` to `most`.
[[nodiscard]] result<> read_number(boost::json::object const& body, std::string_view member,
                                   std::int64_t least, std::int64_t most, std::int64_t& out);
/// A list of at most `most` strings; `want` says so: "a list of venue tags".
[[nodiscard]] result<> read_names(boost::json::object const& body, std::string_view member,
                                  std::string_view want, std::size_t most,
                                  std::vector<std::string>& out);
/// An absolute path, or empty.
[[nodiscard]] result<> read_path(boost::json::object const& body, std::string_view member,
                                 std::string& out);

}  // namespace vinny
