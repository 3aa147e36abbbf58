// SPDX-License-Identifier: MIT
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vinny {

/// "[1,2,3]": what json_each() takes, so that a statement has any number of ids.
[[nodiscard]] inline std::string id_list(std::vector<std::int64_t> const& ids) {
  return boost::json::serialize(boost::json::array(ids.begin(), ids.end()));
}

}  // namespace vinny
