// SPDX-License-Identifier: MIT
#include "http/content_coding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "core/text.hpp"
#include "http/inflate.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 2> words_for_gzip{"gzip", "x-gzip"};
constexpr std::array<std::string_view, 6> not_undone{"br",         "zstd", "compress",
                                                     "x-compress", "dcb",  "dcz"};

template <std::size_t N>
bool is_among(std::array<std::string_view, N> const& names, std::string_view word) {
  return std::ranges::any_of(names, [word](std::string_view name) { return iequals(name, word); });
}

/// A picture in the clear is none: RIFF (WebP) could pass for raw deflate.
bool may_be_deflate(std::string_view body) noexcept {
  return !body.starts_with("RIFF");
}

}  // namespace

result<std::vector<coding>> coded_layers(header_list const& headers) {
  std::vector<coding> layers;
  for (auto const word : field_list(headers, "Content-Encoding")) {
    if (is_among(not_undone, word)) {
      return fail(errc::bad_encoding,
                  fmt::format("Content-Encoding '{}' was not asked for", clip(word, 40)));
    }
    if (is_among(words_for_gzip, word)) layers.push_back(coding::gzip);
    if (iequals(word, "deflate")) layers.push_back(coding::deflate);
  }
  return layers;
}

result<std::string> undo_layers(std::string body, std::vector<coding> const& layers, bool asked,
                                std::int64_t max_bytes) {
  for (auto const layer : layers | std::views::reverse) {
    if (body.empty()) break;
    bool const looks_so = is_gzip(body) || (layer == coding::deflate && may_be_deflate(body));
    if (!asked && !looks_so) break;
    auto plain = inflate_bounded(body, max_bytes);
    // Raw deflate has no mark of its own: what does not decode was none.
    bool const was_none =
        !plain && plain.error().code == errc::bad_encoding && !is_gzip(body) && !is_zlib(body);
    if (!asked && was_none) break;
    if (!plain) return plain;
    body = std::move(*plain);
  }
  return body;
}

}  // namespace vinny
