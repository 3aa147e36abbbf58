// SPDX-License-Identifier: MIT
#include "events/source/image_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/text.hpp"

namespace vinny {
namespace {

/// The sizes that these hosts are known to offer, under the names that some of them use.
struct offered_size {
  std::uint32_t pixels;
  std::string_view label;
};
constexpr std::array offered{offered_size{1500, "hd"}, offered_size{1000, "large"},
                             offered_size{750, "medium"}, offered_size{500, "main"}};

/// Where in the path the size stands, and what follows the number there.
struct size_slot {
  std::string_view form;
  std::size_t begin = 0;
  std::size_t length = 0;
  std::uint32_t pixels = 0;
  std::string_view suffix;
};

bool is_host(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

/// A whole number of 1 to 5 digits, or nothing.
std::optional<std::uint32_t> pixels_of(std::string_view text) {
  std::uint32_t value = 0;
  auto const* const last = text.data() + text.size();
  auto const [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || text.size() > 5 || error != std::errc{} || end != last) return {};
  return value;
}

bool is_image_extension(std::string_view text) {
  constexpr std::array known{"jpg", "jpeg", "png", "webp"};
  return std::ranges::any_of(known, [&](std::string_view e) { return iequals(e, text); });
}

std::optional<size_slot> vea_slot(std::string_view path) {
  auto const dot = path.rfind('.');
  auto const bar = path.rfind('_');
  if (dot == std::string_view::npos || bar == std::string_view::npos || bar > dot ||
      path.find("/artists/") == std::string_view::npos ||
      !is_image_extension(path.substr(dot + 1))) {
    return {};
  }
  auto const pixels = pixels_of(path.substr(bar + 1, dot - bar - 1));
  if (!pixels) return {};
  return size_slot{"vea", bar + 1, dot - bar - 1, *pixels, {}};
}

std::optional<size_slot> vegasevents_slot(std::string_view path) {
  constexpr std::array labels{"main", "hd", "small", "medium", "large", "raw", "original"};
  auto const dot = path.rfind('.');
  auto const slash = path.rfind('/');
  if (!path.starts_with("/images/") || dot == std::string_view::npos || slash > dot || slash < 9 ||
      !is_image_extension(path.substr(dot + 1))) {
    return {};
  }
  auto const size = path.substr(slash + 1, dot - slash - 1);
  auto const pixels = pixels_of(size);
  if (!pixels && std::ranges::find(labels, size) == labels.end()) return {};
  return size_slot{"vegasevents", slash + 1, size.size(), pixels.value_or(0), {}};
}

std::optional<size_slot> imateq_slot(std::string_view path) {
  if (!path.starts_with("/imateq/")) return {};
  std::size_t begin = 0;
  for (auto const part : split(path, '/')) {
    auto const at = part.find("SC");
    if (at != std::string_view::npos) {
      auto const width = pixels_of(part.substr(0, at));
      if (width && pixels_of(part.substr(at + 2))) {
        return size_slot{"imateq", begin, part.size(), *width, "SC0"};
      }
    }
    begin += part.size() + 1;
  }
  return {};
}

std::optional<size_slot> find_slot(url const& image) {
  if (is_host(image.host(), "vea-cdn.com")) return vea_slot(image.path());
  if (is_host(image.host(), "vegaseventsapi.com")) return vegasevents_slot(image.path());
  if (is_host(image.host(), "venueeventartist.com")) return imateq_slot(image.path());
  return {};
}

}  // namespace

image_source parse_image_url(url const& image) {
  auto const slot = find_slot(image);
  if (!slot) return {};
  return {.form = std::string{slot->form}, .pixels = slot->pixels};
}

std::vector<std::string> image_candidates(url const& image, std::uint32_t pixels) {
  std::vector<std::string> out;
  auto const add = [&](std::string text) {
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  };
  if (auto const slot = find_slot(image)) {
    bool const labelled = slot->pixels == 0 && slot->form == "vegasevents";
    auto const sized = [&](std::uint32_t wanted) {
      auto const named = std::ranges::find(offered, wanted, &offered_size::pixels);
      auto const text = labelled && named != offered.end()
                            ? std::string{named->label}
                            : fmt::format("{}{}", wanted, slot->suffix);
      auto path = image.path();
      path.replace(slot->begin, slot->length, text);
      auto const query = image.query().empty() ? std::string{} : '?' + image.query();
      return image.origin() + path + query;
    };
    add(sized(pixels));
    // The largest that it has comes next; where the URL's own size belongs in that order, it goes.
    bool own_size_added = slot->pixels == 0;
    for (auto const& size : offered) {
      if (!own_size_added && slot->pixels >= size.pixels) {
        add(image.str());
        own_size_added = true;
      }
      add(sized(size.pixels));
    }
  }
  add(image.str());
  return out;
}

std::vector<std::string> candidate_urls(std::string const& address, std::uint32_t pixels) {
  auto const parsed = url::parse(address);
  return parsed ? image_candidates(*parsed, pixels) : std::vector<std::string>{};
}

}  // namespace vinny
