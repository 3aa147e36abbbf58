// SPDX-License-Identifier: MIT
//
// Counters, gauges and histograms, and their text exposition (Prometheus format 0.0.4). The
// names of Vinny's own series are in observe/names.hpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vinny {

/// Only goes up.
class counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  /// For a count kept elsewhere: follows it, never back.
  void raise_to(std::uint64_t n) noexcept;
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(double n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  void sub(double n = 1) noexcept { add(-n); }
  /// Seconds since the epoch, now.
  void set_to_now() noexcept;
  [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts values by upper bound. Bounds ascend; +Inf is implied.
class histogram {
 public:
  explicit histogram(std::vector<double> bounds);
  /// NaN is ignored.
  void observe(double value) noexcept;

  struct snapshot {
    std::vector<std::uint64_t> cumulative;  // one a bound, then +Inf: the total count
    double sum = 0;
  };
  [[nodiscard]] snapshot read() const;
  [[nodiscard]] std::vector<double> const& bounds() const noexcept { return bounds_; }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> buckets_;  // not cumulative: reads are monotonic anyway
  std::atomic<double> sum_{0};
};

/// Label names and values; the values must be few and known (a closed set).
using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// The registry. Asking again for the same name and labels gives the same object, so a series
/// cannot appear twice; references stay valid as long as the registry. Everything is thread-safe.
/// A malformed name or label, or one name with two types, helps, label names or bounds is a defect
/// in the program: std::logic_error.
class metrics {
 public:
  /// The process's own.
  [[nodiscard]] static metrics& global();

  metrics() = default;
  metrics(metrics const&) = delete;
  metrics& operator=(metrics const&) = delete;

  vinny::counter& counter(std::string_view name, std::string_view help, metric_labels labels = {});
  vinny::gauge& gauge(std::string_view name, std::string_view help, metric_labels labels = {});
  vinny::histogram& histogram(std::string_view name, std::string_view help,
                              std::vector<double> bounds, metric_labels labels = {});

  /// Called before every exposition, to bring values up to date that are kept elsewhere.
  void on_collect(std::function<void()> update);

  /// The exposition: families sorted by name, series by labels. Content-Type: metrics_content_type.
  [[nodiscard]] std::string text() const;

 private:
  using series = std::variant<std::unique_ptr<vinny::counter>, std::unique_ptr<vinny::gauge>,
                              std::unique_ptr<vinny::histogram>>;
  struct family {
    std::string type;
    std::string help;
    std::vector<std::string> label_names;
    std::vector<double> bounds;
    std::map<std::string, series> by_labels;  // key: the labels as they are printed
  };
  std::pair<family*, std::string> prepare(std::string_view name, std::string_view help,
                                          std::string_view type, metric_labels labels,
                                          std::vector<double> bounds);
  template <class T, class... Args>
  static T& series_of(family& in, std::string const& labels, Args&&... args);

  mutable std::mutex mutex_;
  std::map<std::string, family, std::less<>> families_;
  std::vector<std::function<void()>> updates_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// The process_* family of this process (CPU, memory, descriptors, threads, start time), as
/// exposition text; what /proc does not tell is left out.
[[nodiscard]] std::string process_metrics();

/// What GET /metrics answers: process_metrics() and the registry.
[[nodiscard]] std::string metrics_page(metrics const& registry);

}  // namespace vinny
