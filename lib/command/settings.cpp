// SPDX-License-Identifier: MIT
#include "command/settings.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "config/show.hpp"
#include "model/subsystem.hpp"

namespace vinny {

namespace json = boost::json;

int refuse_settings(std::vector<config_problem> const& problems, bool as_json) {
  if (as_json) {
    json::array list;
    for (auto const& one : problems) {
      list.push_back(
          {{"file", one.file}, {"line", one.line}, {"key", one.key}, {"message", one.message}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"valid", false}, {"problems", list}}));
  }
  for (auto const& one : problems) complain(to_string(one));
  return exit_code::config;
}

int check_settings(config const& settings, output_options const& how) {
  std::vector<config_problem> problems;
  for (auto const* const system : systems()) {
    if (system->check == nullptr) continue;
    if (auto wrong = system->check(settings)) problems.push_back(std::move(*wrong));
  }
  if (!problems.empty()) return refuse_settings(problems, how.json);
  if (how.json) {
    fmt::print("{{\"valid\":true,\"problems\":[]}}\n");
  } else if (!how.quiet) {
    fmt::print("{}: good, {} venues\n",
               settings.file.empty() ? "no file, defaults" : settings.file.string(),
               settings.venues.size());
  }
  return exit_code::done;
}

int show_settings(config const& settings, output_options const& how) {
  if (how.json) {
    fmt::print("{}\n", json::serialize(json::object{{"toml", show_config(settings)}}));
  } else {
    fmt::print("{}", show_config(settings));
  }
  return exit_code::done;
}

}  // namespace vinny
