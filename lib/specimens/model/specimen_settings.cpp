// SPDX-License-Identifier: MIT
#include "specimens/model/specimen_settings.hpp"

#include <array>

#include "config/settings_table.hpp"

namespace vinny {
namespace {

using namespace settings;

constexpr std::int64_t gibibyte = 1LL << 30;

complaint verification(std::string& text) {
  static constexpr std::array<std::string_view, 2> known{"decode", "structure"};
  return one_of("verify", text, known);
}

rules<specimens_config> specimens_rules() {
  using c = specimens_config;
  return {
      text("verify", &c::verify, verification),
      integer("longest_edge", &c::longest_edge, 0, 10'000),
      integer("quality", &c::quality, 1, 100),
      integer("max_bytes", &c::max_bytes, 1'024, gibibyte),
      text("variants", &c::variants),
      boolean("upload", &c::upload),
  };
}

}  // namespace

void configure_specimens(settings_table& to) {
  to.section("specimens", specimens_rules(), "images");
  to.resolve([](config& made, std::filesystem::path const& folder) {
    if (made.of<specimens_config>().variants.empty()) return;
    auto& path = made.edit<specimens_config>().variants;
    path = (folder / path).lexically_normal();
  });
}

}  // namespace vinny
