// SPDX-License-Identifier: MIT
//
// The table of url_vectors.txt: every address gives what it says there, and where a browser's is
// another, the two differ in nothing that a server could take for another address.
#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <vector>

#include "core/percent.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

using namespace vinny;

namespace {

struct vector_row {
  std::string base;
  std::string text;
  std::string result;
  std::string browser;
};

std::string unescaped(std::string_view field) {
  if (field == "-") return {};
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      out += field[i];
    } else if (field[++i] == 'x') {
      out += static_cast<char>(hex_digit(field[i + 1]) * 16 + hex_digit(field[i + 2]));
      i += 2;
    } else {
      out += field[i] == 's' ? ' ' : field[i];
    }
  }
  return out;
}

std::vector<vector_row> read_rows() {
  std::ifstream in{VINNY_SOURCE_DIR "/tests/unit/core/url_vectors.txt"};
  std::vector<vector_row> out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    auto const fields = split(line, '\t');
    REQUIRE(fields.size() == 4);
    out.push_back(
        {unescaped(fields[0]), unescaped(fields[1]), unescaped(fields[2]), std::string{fields[3]}});
  }
  return out;
}

std::string result_of(vector_row const& row) {
  auto const made = [&]() -> result<url> {
    if (row.base.empty()) return url::parse(row.text);
    return url::parse(row.base).value().resolve(row.text);
  }();
  return made ? made->str() : "!";
}

/// The escapes of reserved characters in a URL, in order.
std::string reserved_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = escaped_byte(text, i);
    if (byte < 0 || !std::string_view{"!#$&'()*+,/:;=?@"}.contains(static_cast<char>(byte)))
      continue;
    out.append(text.substr(i, 3)).append(" ");
  }
  return out;
}

}  // namespace

TEST_CASE("addresses give what browsers make of them, but for the differences that are told") {
  auto const rows = read_rows();
  REQUIRE(rows.size() > 400);
  for (auto const& row : rows) {
    CAPTURE(row.base, row.text);
    auto const made = result_of(row);
    CHECK(made == row.result);
    if (made == "!") continue;
    CHECK(url::parse(made).value().str() == made);
    CHECK(reserved_escapes(made) == reserved_escapes(row.text.substr(0, row.text.find('#'))));
  }
}
