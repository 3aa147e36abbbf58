// SPDX-License-Identifier: MIT
//
// `.env` files: KEY=VALUE lines. `export` before the key, quotes (single ones literal, double
// ones with \n \r \t \" \\ \$), values over several lines inside quotes, and comments.
// Nothing is expanded. Pure; private to config/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/sources/document.hpp"

namespace vinny::settings {

struct dotenv_value {
  std::string text;
  int line = 0;
};

struct dotenv {
  std::map<std::string, dotenv_value> values;  // a later line wins
  std::vector<syntax_error> errors;
};

[[nodiscard]] dotenv parse_dotenv(std::string_view text);

}  // namespace vinny::settings
