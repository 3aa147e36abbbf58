// SPDX-License-Identifier: MIT
//
// What the control endpoint's readers of JSON bodies have in common.
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

#include "core/failure.hpp"

namespace vinny {

/// A body that is a JSON object. Fails with bad_json.
[[nodiscard]] result<boost::json::object> read_json_body(std::string_view body);

/// bad_json: "'member' must be want".
[[nodiscard]] std::unexpected<failure> wrong_member(std::string_view member, std::string_view want);
/// bad_json: there is no such member; `known` names those that there are.
[[nodiscard]] std::unexpected<failure> unknown_member(std::string_view member,
                                                      std::string_view known);

}  // namespace vinny
