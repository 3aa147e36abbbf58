// SPDX-License-Identifier: MIT
#include "config/venues.hpp"

#include <array>
#include <string>

namespace vinny {
namespace {

using names = std::vector<std::string>;

constexpr auto liv_sitemap = "https://www.livnightclub.com/sitemap.xml";
constexpr auto wynn_sitemap = "https://wynnsocial.com/sitemap.xml";
constexpr auto tao_sitemap = "https://taogroup.com/sitemap.xml";

venue liv(std::string tag, std::string name, names aliases) {
  return {.tag = std::move(tag),
          .name = std::move(name),
          .aliases = std::move(aliases),
          .extractor = "liv",
          .sitemap = liv_sitemap,
          .image_hosts = {"venueeventartist.com", "vea-cdn.com", "cdn.vegaseventsapi.com",
                          "livnightclub.com"}};
}

// The pages of Wynn and of the TAO group link images at several booking services, so theirs may
// live anywhere public. The group's sitemap lists other cities too: no alias is a bare "TAO".
venue wynn(std::string tag, std::string name, names aliases, std::string extractor) {
  return {.tag = std::move(tag),
          .name = std::move(name),
          .aliases = std::move(aliases),
          .extractor = std::move(extractor),
          .sitemap = wynn_sitemap,
          .image_hosts = {}};
}

venue tao(std::string tag, std::string name, names aliases) {
  return {.tag = std::move(tag),
          .name = std::move(name),
          .aliases = std::move(aliases),
          .extractor = "tao",
          .sitemap = tao_sitemap,
          .image_hosts = {}};
}

}  // namespace

std::vector<venue> shipped_venues() {
  return {
      liv("liv", "LIV Las Vegas", {"LIV Nightclub", "LIV", "LIV Nightclub Las Vegas"}),
      liv("livb", "LIV Beach", {"LIV Beach Las Vegas"}),
      wynn("xs", "XS Nightclub", {"XS", "XS Las Vegas", "XS Nightclub Las Vegas"}, "xs"),
      wynn("ebc", "Encore Beach Club", {"EBC", "Encore Beach Club Las Vegas"}, "ebc"),
      wynn("ebcn", "Encore Beach Club at Night",
           {"EBC at Night", "Encore Beach Club at Night Las Vegas"}, "ebc"),
      tao("hakkasan", "Hakkasan Nightclub", {"Hakkasan Las Vegas", "Hakkasan Nightclub Las Vegas"}),
      tao("omnia", "OMNIA Nightclub", {"OMNIA Las Vegas", "OMNIA Nightclub Las Vegas"}),
      tao("omnia-dayclub", "OMNIA Dayclub", {"OMNIA Dayclub Las Vegas"}),
      tao("marquee", "Marquee Nightclub", {"Marquee Las Vegas", "Marquee Nightclub Las Vegas"}),
      tao("marquee-dayclub", "Marquee Dayclub", {"Marquee Dayclub Las Vegas"}),
      tao("tao", "TAO Nightclub", {"TAO Las Vegas", "TAO Nightclub Las Vegas"}),
      tao("tao-beach", "TAO Beach Dayclub",
          {"TAO Beach", "TAO Beach Las Vegas", "TAO Beach Dayclub Las Vegas"}),
      tao("jewel", "JEWEL Nightclub", {"JEWEL Las Vegas", "JEWEL Nightclub Las Vegas"}),
      tao("wet-republic", "WET REPUBLIC", {"WET REPUBLIC Las Vegas"}),
      tao("palm-tree", "Palm Tree Beach Club", {"Palm Tree Beach Club Las Vegas"}),
  };
}

std::span<std::string_view const> extractor_names() noexcept {
  static constexpr std::array<std::string_view, 5> names_in_order{"liv", "xs", "ebc", "tao",
                                                                  "schema-org"};
  return names_in_order;
}

}  // namespace vinny
