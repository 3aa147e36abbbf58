// SPDX-License-Identifier: MIT
#include "specimens/source/image_variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <ranges>

#include "core/digest.hpp"
#include "core/host_name.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t largest_file = 1UZ << 20;
constexpr std::size_t most_digits = 9;
constexpr std::int64_t rank_step = 1'000'000'000;  // above every number of so many digits
constexpr std::string_view any_scheme_word = "http=https";

struct match {
  std::size_t length = 0;
  std::int64_t number = 0;  // in the place of '#'
};

/// How `url` ends with `ending`, read from behind; '#' is one digit or more.
std::optional<match> ends_as(std::string_view url, std::string_view ending) noexcept {
  match out;
  while (!ending.empty()) {
    char const wanted = ending.back();
    ending.remove_suffix(1);
    if (wanted != '#') {
      if (url.empty() || url.back() != wanted) return std::nullopt;
      url.remove_suffix(1);
      ++out.length;
      continue;
    }
    std::size_t digits = 0;
    std::int64_t place = 1;
    std::int64_t number = 0;
    while (digits < most_digits && !url.empty() && url.back() >= '0' && url.back() <= '9') {
      number += (url.back() - '0') * place;
      place *= 10;
      url.remove_suffix(1);
      ++digits;
    }
    if (digits == 0) return std::nullopt;
    out.length += digits;
    out.number = std::max(out.number, number);
  }
  return out;
}

std::vector<std::string> words_of(std::string_view line) {
  constexpr std::string_view space = " \t\r";
  std::vector<std::string> out;
  for (auto from = line.find_first_not_of(space); from != std::string_view::npos;) {
    auto const end = std::min(line.find_first_of(space, from), line.size());
    out.emplace_back(line.substr(from, end - from));
    from = line.find_first_not_of(space, end);
  }
  return out;
}

/// Something of the path has to be left: a host alone is no photograph.
bool names_something(std::string_view key) noexcept {
  auto const scheme = key.find("://");
  auto const slash = key.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  return slash != std::string_view::npos && slash + 1 < key.size();
}

}  // namespace

result<image_variants> image_variants::parse(std::string_view text) {
  image_variants out;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  int number = 0;
  for (auto const line : split(text, '\n')) {
    ++number;
    auto const wrong = [number](std::string_view why) {
      return fail(errc::config_invalid, fmt::format("line {}: {}", number, why));
    };
    auto words = words_of(line);
    if (words.empty() || words.front().starts_with('#')) continue;
    auto const host = parse_host(words.front());
    if (!host) return wrong(fmt::format("'{}' is not a host's name", clip(words.front(), 80)));
    auto const name = bare_host(*host);
    rule made;
    for (auto& word : words | std::views::drop(1)) {
      if (iequals(word, any_scheme_word)) {
        made.any_scheme = true;
      } else if (word.contains("://") || word == "#") {
        return wrong(fmt::format("'{}' is not the ending of an address, such as _l.jpg or ?width=#",
                                 clip(word, 80)));
      } else {
        made.endings.push_back(std::move(word));
      }
    }
    if (words.size() == 1) return wrong("no ending follows the host's name");
    if (!out.hosts_.emplace(name, std::move(made)).second) {
      return wrong(fmt::format("{} has a line already", name));
    }
  }
  if (!out.hosts_.empty()) out.digest_ = sha256_hex(text);
  return out;
}

result<image_variants> image_variants::load(std::filesystem::path const& file) {
  if (file.empty()) return image_variants{};
  std::error_code ignored;
  auto const wrong = [&file](std::string_view why) {
    return fail(errc::config_invalid, fmt::format("specimens.variants: {} {}", file.string(), why));
  };
  if (!std::filesystem::is_regular_file(file, ignored)) return wrong("is not there, or is no file");
  if (std::filesystem::file_size(file, ignored) > largest_file) return wrong("has more than 1 MiB");
  std::ifstream in{file, std::ios::binary};
  if (!in) return wrong("cannot be read: permission denied");
  std::string const text{std::istreambuf_iterator<char>{in}, {}};
  auto made = parse(text);
  if (!made) {
    made.error().message =
        fmt::format("specimens.variants: {}, {}", file.string(), made.error().message);
  }
  return made;
}

image_reference image_variants::read(std::string_view url) const {
  auto out = read_reference(url);
  if (hosts_.empty()) return out;
  auto const known = hosts_.find(lane_name(host_in(out.key)));
  if (known == hosts_.end()) return out;
  auto const& [endings, any_scheme] = known->second;
  if (out.kind == reference_kind::file) {
    // The longest counts: with ".jpg" in the list, "1_l.jpg" still ends with "_l.jpg".
    match best;
    for (std::size_t i = 0; i < endings.size(); ++i) {
      auto const found = ends_as(out.key, endings[i]);
      if (!found || found->length <= best.length) continue;
      if (!names_something(out.key.substr(0, out.key.size() - found->length))) continue;
      best = *found;
      out.pixels = static_cast<std::int64_t>(endings.size() - i) * rank_step + found->number;
    }
    out.key.remove_suffix(best.length);
  }
  if (any_scheme) out.key.remove_prefix(out.key.find("://"));
  return out;
}

}  // namespace vinny
