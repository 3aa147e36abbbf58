// SPDX-License-Identifier: MIT
#include "config/show.hpp"

#include <fmt/format.h>

#include <iterator>

#include "config/keys.hpp"

namespace vinny {
namespace {

using namespace settings;

void show_hosts(std::string& out, config const& shown) {
  for (auto const& [host, own] : shown.politeness.host) {
    fmt::format_to(std::back_inserter(out), "\n[politeness.host.{}]\n", toml_string(host));
    show_members(out, own, host_rules());
  }
}

}  // namespace

std::string show_config(config const& shown) {
  std::string out;
  if (shown.file.empty()) {
    out += "# no configuration file\n";
  } else {
    // As a TOML string: a comment must not hold control characters.
    out += fmt::format("# {}\n", toml_string(shown.file.native()));
  }
  std::string section;
  for (auto const& each : config_rules()) {
    auto const dot = each.key.find('.');
    auto const here = dot == each.key.npos ? std::string{} : each.key.substr(0, dot);
    if (here != section) {
      if (section == "politeness") show_hosts(out, shown);
      section = here;
      fmt::format_to(std::back_inserter(out), "\n[{}]\n", section);
    }
    auto const name = dot == each.key.npos ? each.key : each.key.substr(dot + 1);
    fmt::format_to(std::back_inserter(out), "{} = {}\n", name, each.show(shown));
  }
  for (auto const& table : all_settings().nested_tables()) table.show(out, shown);
  for (auto const& each : shown.venues) {
    out += "\n[[venue]]\n";
    show_members(out, each, venue_rules());
  }
  return out;
}

std::vector<std::string> secrets_in(std::string_view text, config const& settings) {
  std::vector<std::string> out;
  for (auto const& each : config_rules()) {
    auto const* const found = each.secret_of ? each.secret_of(settings) : nullptr;
    if (found != nullptr && !found->empty() && text.contains(found->reveal())) {
      out.push_back(each.key);
    }
  }
  return out;
}

}  // namespace vinny
