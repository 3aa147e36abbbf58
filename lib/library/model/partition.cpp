// SPDX-License-Identifier: MIT
#include "library/model/partition.hpp"

#include <charconv>

namespace vinny {
namespace {

constexpr std::int64_t most_parts = 1'000'000;

bool read_whole(std::string_view text, std::int64_t& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

result<library_part> parse_partition(std::string_view text) {
  library_part out;
  auto const slash = text.find('/');
  bool const good = slash != std::string_view::npos &&
                    read_whole(text.substr(0, slash), out.index) &&
                    read_whole(text.substr(slash + 1), out.count) && out.index >= 0 &&
                    out.index < out.count && out.count <= most_parts;
  if (good) return out;
  return fail(errc::bad_json, "K/N with 0 <= K < N");
}

}  // namespace vinny
