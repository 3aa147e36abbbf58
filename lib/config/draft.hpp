// SPDX-License-Identifier: MIT
//
// A configuration on its way: each source (file, environment, credentials) is laid over it in
// turn and adds its problems; at the end it is a configuration or the list of problems.
// Private to config/.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "config/settings_table.hpp"
#include "config/sources/document.hpp"

namespace vinny::settings {

class draft final : public needs {
 public:
  draft();

  /// Lays a TOML text over it; once, and first.
  void read_toml(std::string_view toml, std::string const& file_name);
  /// Sets one key, from wherever: `report` says where that is, `name` what the place calls it.
  void set(rule<config> const& key, value const& from, reporter const& report);

  [[nodiscard]] reporter report_for(std::string file, std::string key = {}) {
    return {problems_, std::move(file), std::move(key)};
  }
  [[nodiscard]] config& made() noexcept { return made_; }
  /// Somebody has set the key, with a value that is good or not.
  [[nodiscard]] bool was_set(std::string const& key) const override {
    return set_at_.contains(key) || refused_.contains(key);
  }

  void need(bool fulfilled, std::string const& key, std::string const& because,
            std::string message) override;

  /// Checks what concerns several keys, and makes paths relative to the file's folder.
  [[nodiscard]] checked<config> finish() &&;

 private:
  struct place {
    std::string file;
    int line = 0;
  };

  void read_section(std::string const& name, value const& table, reporter const& report);
  void read_hosts(value const& table, reporter const& report);
  void read_venues(value const& list, reporter const& report);

  config made_;
  std::vector<config_problem> problems_;
  std::map<std::string, place> set_at_;  // the last place of each key
  std::set<std::string> refused_;        // keys whose value was no good
  bool readable_ = true;  // false after a syntax error: then missing keys prove nothing
};

}  // namespace vinny::settings
