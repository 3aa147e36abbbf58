// SPDX-License-Identifier: MIT
#include "events/publish/old_domain.hpp"

#include <fmt/format.h>

#include <array>

#include "events/publish/script.hpp"

namespace vinny {
namespace {

struct url_column {
  std::string_view table;
  std::string_view column;
};
constexpr std::array<url_column, 3> url_columns{
    {{"artists", "image"}, {"events", "artist_image_url"}, {"images", "r2_url"}}};

}  // namespace

std::string rewrite_old_domain(store_config const& store) {
  std::string_view base = store.public_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  auto const old = ".r2.dev/" + store.prefix;  // what stands before the key
  std::string out;
  for (auto const& [table, column] : url_columns) {
    out += fmt::format(
        "UPDATE {0} SET {1} = {2} || substr({1}, instr({1}, {3}) + {4}) WHERE {1} LIKE "
        "'https://pub-%.r2.dev/%' AND instr({1}, {3}) > 0;\n",
        table, column, literal(fmt::format("{}/", base)), literal(old), old.size());
  }
  return out;
}

std::string preparation_sql(store_config const& store) {
  return std::string{schema_sql()} + '\n' + rewrite_old_domain(store);
}

}  // namespace vinny
