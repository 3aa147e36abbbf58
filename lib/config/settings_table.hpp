// SPDX-License-Identifier: MIT
//
// All sections of the configuration: the floor's, and what each system adds of its own
// (subsystem::configure). One file, one loader, all mistakes at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/rule_kinds.hpp"

namespace vinny::settings {

/// Where several keys must fit together: what is missing is told at the place of the key that it is
/// needed for.
class needs {
 public:
  virtual ~needs() = default;
  virtual void need(bool fulfilled, std::string const& key, std::string const& because,
                    std::string message) = 0;
  /// The key, or that mark, stands in the configuration.
  [[nodiscard]] virtual bool was_set(std::string const& key) const = 0;
};

/// A table of tables, such as [captures.collection.NAME].
struct nested_table {
  std::string name;  // of the outer table: "captures"
  /// `mark(key, line)` notes a place that a check may speak of.
  std::function<void(config& into, value const& table, reporter const& report,
                     std::function<void(std::string key, int line)> const& mark)>
      read;
  std::function<void(std::string& out, config const& shown)> show;  // as TOML
};

struct synonym {
  std::string_view variable;
  std::string_view key;
  bool secret = false;
};

class settings_table {
 public:
  /// A section of a system's own, behind that section. Its values are config::of<T>().
  template <class T>
  void section(std::string const& name, rules<T> const& own, std::string_view behind) {
    rules<config> added;
    for (auto const& each : own) {
      rule<config> made{
          .key = name + "." + each.key,
          .takes = each.takes,
          .read = [read = each.read](
                      config& into, value const& from,
                      reporter const& report) { read(into.edit<T>(), from, report); },
          .show = [show = each.show](config const& from) { return show(from.of<T>()); },
          .min = each.min,
          .max = each.max};
      if (each.secret_of) {
        made.secret_of = [secret_of = each.secret_of](config const& from) {
          return secret_of(from.of<T>());
        };
      }
      added.push_back(std::move(made));
    }
    insert(std::move(added), behind);
  }
  void nested(nested_table one) { nested_.push_back(std::move(one)); }
  void check(std::function<void(config const&, needs&)> one) { checks_.push_back(std::move(one)); }
  /// Makes paths of a good configuration relative to the folder of its file.
  void resolve(std::function<void(config&, std::filesystem::path const& folder)> one) {
    resolves_.push_back(std::move(one));
  }
  /// A variable of the environment under another name than VINNY_SECTION_KEY.
  void add_synonym(synonym one) { synonyms_.push_back(one); }

  /// The floor's rules, before any system adds its own.
  void set_floor(rules<config> all) { rules_ = std::move(all); }

  [[nodiscard]] rules<config> const& all_rules() const noexcept { return rules_; }
  [[nodiscard]] std::vector<nested_table> const& nested_tables() const noexcept { return nested_; }
  [[nodiscard]] auto const& checks() const noexcept { return checks_; }
  [[nodiscard]] auto const& resolves() const noexcept { return resolves_; }
  [[nodiscard]] std::vector<synonym> const& synonyms() const noexcept { return synonyms_; }

 private:
  void insert(rules<config> added, std::string_view behind);

  rules<config> rules_;
  std::vector<nested_table> nested_;
  std::vector<std::function<void(config const&, needs&)>> checks_;
  std::vector<std::function<void(config&, std::filesystem::path const&)>> resolves_;
  std::vector<synonym> synonyms_;
};

/// Of this program, made at the first use.
[[nodiscard]] settings_table const& all_settings();

/// Members that are set, as lines of TOML.
template <class T>
void show_members(std::string& out, T const& shown, rules<T> const& known) {
  for (auto const& each : known) {
    auto const text = each.show(shown);
    if (!text.empty()) out += each.key + " = " + text + '\n';
  }
}

}  // namespace vinny::settings
