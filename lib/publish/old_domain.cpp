// SPDX-License-Identifier: MIT
#include "publish/old_domain.hpp"

#include <fmt/format.h>

#include <array>

#include "publish/script.hpp"

namespace vinny {
namespace {

struct url_column {
  std::string_view table;
  std::string_view column;
};
constexpr std::array<url_column, 3> url_columns{
    {{"artists", "image"}, {"events", "artist_image_url"}, {"images", "r2_url"}}};

}  // namespace

std::string rewrite_old_domain(std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  std::string out;
  for (auto const& [table, column] : url_columns) {
    out += fmt::format(
        "UPDATE {0} SET {1} = {2} || substr({1}, instr({1}, '.r2.dev/') + 7) WHERE {1} LIKE "
        "'https://pub-%.r2.dev/%';\n",
        table, column, literal(std::string{public_url}));
  }
  return out;
}

std::string preparation_sql(std::string_view public_url) {
  return std::string{schema_sql()} + '\n' + rewrite_old_domain(public_url);
}

}  // namespace vinny
