// SPDX-License-Identifier: MIT
#include "http/content_coding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "http/inflate.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 3> undone_here{"gzip", "x-gzip", "deflate"};
constexpr std::array<std::string_view, 6> not_undone{"br",         "zstd", "compress",
                                                     "x-compress", "dcb",  "dcz"};

template <std::size_t N>
bool is_among(std::array<std::string_view, N> const& names, std::string_view word) {
  return std::ranges::any_of(names, [word](std::string_view name) { return iequals(name, word); });
}

}  // namespace

result<int> coded_layers(header_list const& headers) {
  int layers = 0;
  for (auto const word : field_list(headers, "Content-Encoding")) {
    if (is_among(not_undone, word)) {
      return fail(errc::bad_encoding,
                  fmt::format("Content-Encoding '{}' was not asked for", clip(word, 40)));
    }
    layers += is_among(undone_here, word) ? 1 : 0;
  }
  return layers;
}

result<std::string> undo_layers(std::string body, int layers, bool asked, std::int64_t max_bytes) {
  for (; layers > 0 && !body.empty(); --layers) {
    if (!asked && !is_gzip(body)) break;
    auto plain = inflate_bounded(body, max_bytes);
    if (!plain) return plain;
    body = std::move(*plain);
  }
  return body;
}

}  // namespace vinny
