// SPDX-License-Identifier: MIT
#include "observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <ranges>
#include <stdexcept>

#include "core/text.hpp"

namespace vinny {
namespace {

[[noreturn]] void defect(std::string_view name, std::string_view what) {
  throw std::logic_error(fmt::format("metric {}: {}", name, what));
}

bool is_name(std::string_view text) noexcept {
  auto const lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && lower(text.front()) && std::ranges::all_of(text, [&](char c) {
    return lower(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Escapes for HELP; in label values the double quote as well.
std::string escape(std::string_view text, bool quote) {
  std::string out;
  for (char const c : valid_utf8(text)) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quote && c == '"')) out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> buffer{};
  auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string braces(std::string_view labels) {
  return labels.empty() ? std::string{} : fmt::format("{{{}}}", labels);
}

void print(std::string& out, std::string_view name, std::string_view labels, counter const& c) {
  fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, braces(labels), c.value());
}

void print(std::string& out, std::string_view name, std::string_view labels, gauge const& g) {
  fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, braces(labels), number(g.value()));
}

void print(std::string& out, std::string_view name, std::string_view labels, histogram const& h) {
  auto const now = h.read();
  auto const comma = labels.empty() ? "" : ",";
  for (std::size_t i = 0; i < now.cumulative.size(); ++i) {
    auto const bound =
        i < h.bounds().size() ? h.bounds()[i] : std::numeric_limits<double>::infinity();
    fmt::format_to(std::back_inserter(out), "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma,
                   number(bound), now.cumulative[i]);
  }
  fmt::format_to(std::back_inserter(out), "{0}_sum{1} {2}\n{0}_count{1} {3}\n", name,
                 braces(labels), number(now.sum), now.cumulative.back());
}

constexpr std::array<std::string_view, 3> histogram_suffixes{"_bucket", "_sum", "_count"};

}  // namespace

void counter::raise_to(std::uint64_t n) noexcept {
  auto seen = value();
  while (seen < n && !value_.compare_exchange_weak(seen, n, std::memory_order_relaxed)) {
  }
}

void gauge::set_to_now() noexcept {
  set(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

histogram::histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {}

void histogram::observe(double value) noexcept {
  if (std::isnan(value)) return;
  auto const at = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

histogram::snapshot histogram::read() const {
  snapshot out;
  out.cumulative.reserve(buckets_.size());
  std::uint64_t total = 0;
  for (auto const& bucket : buckets_) {
    total += bucket.load(std::memory_order_relaxed);
    out.cumulative.push_back(total);
  }
  out.sum = sum_.load(std::memory_order_relaxed);
  return out;
}

metrics& metrics::global() {
  static metrics& instance = *new metrics;  // never destroyed: threads may still count at the end
  return instance;
}

std::pair<metrics::family*, std::string> metrics::prepare(std::string_view name,
                                                          std::string_view help,
                                                          std::string_view type,
                                                          metric_labels labels,
                                                          std::vector<double> bounds) {
  if (!is_name(name)) defect(name, "not a name of [a-z][a-z0-9_]*");
  if (name.starts_with("process_")) defect(name, "process_* is taken");
  if (help.empty()) defect(name, "has no help");
  std::ranges::sort(labels);
  std::string printed;
  std::vector<std::string> label_names;
  for (auto const& [label, value] : labels) {
    if (!is_name(label) || label == "le" || label == "quantile") defect(name, "bad label " + label);
    if (!label_names.empty() && label_names.back() == label) defect(name, "label twice: " + label);
    fmt::format_to(std::back_inserter(printed), "{}{}=\"{}\"", printed.empty() ? "" : ",", label,
                   escape(value, true));
    label_names.push_back(label);
  }
  auto it = families_.find(name);
  if (it == families_.end()) {
    for (auto const suffix : histogram_suffixes) {
      auto const whole = std::string{name}.append(suffix);
      if (type == "histogram" && families_.contains(whole)) defect(name, whole + " exists");
      if (!name.ends_with(suffix)) continue;
      auto const stem = families_.find(name.substr(0, name.size() - suffix.size()));
      if (stem != families_.end() && stem->second.type == "histogram") {
        defect(name, "is a part of the histogram " + stem->first);
      }
    }
    it = families_
             .emplace(name, family{std::string{type},
                                   std::string{help},
                                   std::move(label_names),
                                   std::move(bounds),
                                   {}})
             .first;
  } else if (auto const& known = it->second; known.type != type || known.help != help ||
                                             known.label_names != label_names ||
                                             known.bounds != bounds) {
    defect(name, "asked for with another type, help, label names or bounds");
  }
  return {&it->second, std::move(printed)};
}

template <class T, class... Args>
T& metrics::series_of(family& in, std::string const& labels, Args&&... args) {
  auto& slot = in.by_labels.try_emplace(labels, std::unique_ptr<T>{}).first->second;
  auto& held = std::get<std::unique_ptr<T>>(slot);
  if (!held) held = std::make_unique<T>(std::forward<Args>(args)...);
  return *held;
}

vinny::counter& metrics::counter(std::string_view name, std::string_view help,
                                 metric_labels labels) {
  std::lock_guard const lock{mutex_};
  auto const [into, key] = prepare(name, help, "counter", std::move(labels), {});
  return series_of<vinny::counter>(*into, key);
}

vinny::gauge& metrics::gauge(std::string_view name, std::string_view help, metric_labels labels) {
  std::lock_guard const lock{mutex_};
  auto const [into, key] = prepare(name, help, "gauge", std::move(labels), {});
  return series_of<vinny::gauge>(*into, key);
}

vinny::histogram& metrics::histogram(std::string_view name, std::string_view help,
                                     std::vector<double> bounds, metric_labels labels) {
  auto const usable =
      std::ranges::all_of(bounds, [](double b) { return std::isfinite(b); }) &&
      std::ranges::adjacent_find(bounds, std::ranges::greater_equal{}) == bounds.end();
  if (bounds.empty() || !usable) defect(name, "bounds must be finite and ascend");
  std::lock_guard const lock{mutex_};
  auto const [into, key] = prepare(name, help, "histogram", std::move(labels), bounds);
  return series_of<vinny::histogram>(*into, key, std::move(bounds));
}

void metrics::on_collect(std::function<void()> update) {
  std::lock_guard const lock{mutex_};
  updates_.push_back(std::move(update));
}

std::string metrics::text() const {
  std::unique_lock lock{mutex_};
  auto const updates = updates_;
  lock.unlock();  // an update may ask for a series
  for (auto const& update : updates) update();

  lock.lock();
  std::string out;
  for (auto const& each : families_) {
    auto const& name = each.first;
    auto const& all = each.second;
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name,
                   escape(all.help, false), all.type);
    for (auto const& one : all.by_labels) {
      auto const print_one = [&](auto const& held) { print(out, name, one.first, *held); };
      std::visit(print_one, one.second);
    }
  }
  return out;
}

std::string metrics_page(metrics const& registry) {
  return process_metrics() + registry.text();
}

}  // namespace vinny
