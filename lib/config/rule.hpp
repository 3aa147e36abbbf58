// SPDX-License-Identifier: MIT
//
// A rule: one key of the configuration, how it is read and checked, how it is shown. The tables
// of rules are in keys.cpp; the kinds of rules in rule_kinds.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "config/sources/document.hpp"
#include "core/secret.hpp"

namespace vinny::settings {

/// Where problems go, and for which file and key.
class reporter {
 public:
  reporter(std::vector<config_problem>& problems, std::string file, std::string key = {})
      : problems_(&problems), file_(std::move(file)), key_(std::move(key)) {}

  void operator()(int line, std::string message) const {
    problems_->push_back({file_, line, key_, std::move(message)});
  }
  /// The same for a key inside this one: "http" and "ports" give "http.ports".
  [[nodiscard]] reporter at(std::string_view key) const;
  [[nodiscard]] std::string const& key() const noexcept { return key_; }
  [[nodiscard]] std::string const& file() const noexcept { return file_; }

 private:
  std::vector<config_problem>* problems_;
  std::string file_;
  std::string key_;
};

template <class T>
struct rule {
  std::string key;  // "http.concurrency"; without a section where T is one
  shape takes = shape::other;
  std::function<void(T&, value const&, reporter const&)> read;
  std::function<std::string(T const&)> show;  // as TOML; empty: not shown
  std::int64_t min = 0;                       // of integers
  std::int64_t max = 0;
  std::function<secret const*(T const&)> secret_of{};  // of what nobody else may read

  /// True when one variable of the environment can hold it.
  [[nodiscard]] bool scalar() const noexcept {
    return takes == shape::boolean || takes == shape::integer || takes == shape::text;
  }
};

template <class T>
using rules = std::vector<rule<T>>;

/// Says so and gives false when the value is not of the shape.
bool expect(shape wanted, value const& found, reporter const& report);

/// Reads the members of a table that have a rule; reports the others, with what may be meant.
template <class T>
void read_members(T& into, value const& table, rules<T> const& known, reporter const& report);

/// " (did you mean concurrency?)" or nothing: the candidate nearest to a misspelt name.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       std::vector<std::string> const& candidates);

template <class T>
void read_members(T& into, value const& table, rules<T> const& known, reporter const& report) {
  for (auto const& member : table.members) {
    rule<T> const* found = nullptr;
    for (auto const& each : known) {
      if (each.key == member.key) found = &each;
    }
    if (found != nullptr) {
      found->read(into, member.content, report.at(member.key));
      continue;
    }
    std::vector<std::string> names;
    for (auto const& each : known) names.push_back(each.key);
    report.at(member.key)(member.line, "unknown key" + did_you_mean(member.key, names));
  }
}

}  // namespace vinny::settings
