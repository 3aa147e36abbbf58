// SPDX-License-Identifier: MIT
//
// What a run counts. A system has a plain struct of numbers and a table of their names; those who
// know no system have the same numbers by name.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

/// Of a number that could not be found out.
inline constexpr std::int64_t not_counted = -1;

/// Whether an item that is counted is lost. `until_later`: not when the run has put work off.
enum class loss { none, item, until_later };

/// What a number is called, and what it means to those who know no system.
struct counter_name {
  std::string_view name;  // in the API
  loss kind = loss::none;
  /// The field of the log's last line of a run that it is added to: "images".
  std::string_view headline{};
};

/// A row of a system's table.
template <class Counts>
struct counter_row {
  std::int64_t Counts::* member;
  counter_name named;
};

/// Numbers of a run by their names in the API; one that was never counted is 0.
class tally {
 public:
  [[nodiscard]] std::int64_t operator[](std::string_view name) const;
  void add(std::string_view name, std::int64_t value);
  void set(std::string_view name, std::int64_t value);
  /// Items that were given up.
  [[nodiscard]] std::int64_t failed() const;
  /// The same without those that a later run does again.
  [[nodiscard]] std::int64_t lost() const;

 private:
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

/// The counters of one system in one run, for those who do not know it.
class counter_set {
 public:
  using visitor = std::function<void(counter_name const& named, std::int64_t value)>;
  counter_set() = default;
  counter_set(counter_set const&) = delete;
  counter_set& operator=(counter_set const&) = delete;
  virtual ~counter_set() = default;
  virtual void each(visitor const& visit) const = 0;
};

template <class Counts>
class counters_of final : public counter_set {
 public:
  Counts numbers{};

  void each(visitor const& visit) const override {
    for (auto const& row : Counts::rows) visit(row.named, numbers.*row.member);
  }
};
template <class Counts>
[[nodiscard]] std::unique_ptr<counter_set> make_counters() {
  return std::make_unique<counters_of<Counts>>();
}

/// What was put off, as a line of a report; empty: nothing was.
[[nodiscard]] std::string deferred_line(tally const& counts);

/// Of all systems, in their order; a name that two systems use is one number. The run's own,
/// `deferred`, is the last.
[[nodiscard]] std::vector<counter_name> const& all_counters();

}  // namespace vinny
