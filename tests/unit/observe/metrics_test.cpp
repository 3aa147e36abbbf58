// SPDX-License-Identifier: MIT
#include "observe/metrics.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <stdexcept>
#include <thread>

#include "core/text.hpp"

using namespace vinny;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The value of a series as it is printed, e.g. `a_total{x="1"}`; empty when it is not there.
std::string value_of(std::string_view text, std::string_view series) {
  for (auto const line : split(text, '\n')) {
    if (line.starts_with(series) && line.substr(series.size()).starts_with(' ')) {
      return std::string{line.substr(series.size() + 1)};
    }
  }
  return {};
}

}  // namespace

TEST_CASE("the exposition is sorted, with help and type before a family's series") {
  metrics registry;
  registry.gauge("b_bytes", "Bytes.").set(1.5);
  registry.counter("a_total", "Things.", {{"step", "two"}}).add(2);
  registry.counter("a_total", "Things.", {{"step", "one"}}).add();
  CHECK(registry.text() ==
        "# HELP a_total Things.\n# TYPE a_total counter\n"
        "a_total{step=\"one\"} 1\na_total{step=\"two\"} 2\n"
        "# HELP b_bytes Bytes.\n# TYPE b_bytes gauge\nb_bytes 1.5\n");
}

TEST_CASE("the same name and labels are the same series, whatever their order") {
  metrics registry;
  auto& one = registry.counter("a_total", "Things.", {{"x", "1"}, {"y", "2"}});
  auto& two = registry.counter("a_total", "Things.", {{"y", "2"}, {"x", "1"}});
  CHECK(&one == &two);
  one.add(3);
  two.add(4);
  CHECK(value_of(registry.text(), "a_total{x=\"1\",y=\"2\"}") == "7");
}

TEST_CASE("no series appears twice, even when values differ only in what is escaped") {
  metrics registry;
  for (auto const* value : {"a", "a\n", "a\\n", "a\"", "a\\\"", "a\xff", "a\xfe"}) {
    registry.counter("a_total", "Things.", {{"v", value}}).add();
  }
  std::set<std::string> seen;
  auto const text = registry.text();
  for (auto const line : split(text, '\n')) {
    if (line.starts_with("a_total")) {
      CHECK(seen.insert(std::string{line.substr(0, line.rfind(' '))}).second);
    }
  }
  CHECK(seen.size() == 6);  // both invalid bytes are the one replacement character
}

TEST_CASE("references stay valid while series are added") {
  metrics registry;
  auto& first = registry.counter("a_total", "Things.", {{"n", "first"}});
  for (int i = 0; i < 1000; ++i) {
    registry.counter("a_total", "Things.", {{"n", std::to_string(i)}});
  }
  first.add(5);
  CHECK(value_of(registry.text(), "a_total{n=\"first\"}") == "5");
}

TEST_CASE("help and label values are escaped, each by its own rule") {
  metrics registry;
  registry.gauge("a", "one \\ \"two\"\nthree", {{"v", "back\\slash \"quote\"\nline"}}).set(1);
  auto const text = registry.text();
  CHECK(text.find("# HELP a one \\\\ \"two\"\\nthree\n") != std::string::npos);
  CHECK(text.find("a{v=\"back\\\\slash \\\"quote\\\"\\nline\"} 1\n") != std::string::npos);
}

TEST_CASE("a name that Prometheus or we do not take is a defect") {
  auto const bad = GENERATE(as<std::string>{}, "", "9a", "A_total", "a-b", "a b", "a\n", "_a", "é",
                            "process_cpu_seconds_total");
  metrics registry;
  CHECK_THROWS_AS(registry.counter(bad, "Help."), std::logic_error);
  CHECK(registry.text().empty());
}

TEST_CASE("a label that Prometheus or we do not take is a defect") {
  auto const bad = GENERATE(as<std::string>{}, "", "le", "quantile", "__name", "a-b", "9");
  metrics registry;
  CHECK_THROWS_AS(registry.counter("a_total", "Help.", {{bad, "x"}}), std::logic_error);
  CHECK_THROWS_AS(registry.counter("a_total", "Help.", {{"x", "1"}, {"x", "2"}}), std::logic_error);
}

TEST_CASE("one name with two meanings is a defect") {
  metrics registry;
  registry.counter("a_total", "Help.", {{"x", "1"}});
  registry.histogram("h_seconds", "Help.", {1, 2});
  CHECK_THROWS_AS(registry.gauge("a_total", "Help.", {{"x", "1"}}), std::logic_error);
  CHECK_THROWS_AS(registry.counter("a_total", "Other help.", {{"x", "1"}}), std::logic_error);
  CHECK_THROWS_AS(registry.counter("a_total", "Help.", {{"y", "1"}}), std::logic_error);
  CHECK_THROWS_AS(registry.counter("a_total", "Help."), std::logic_error);
  CHECK_THROWS_AS(registry.counter("b_total", ""), std::logic_error);
  CHECK_THROWS_AS(registry.histogram("h_seconds", "Help.", {1, 3}), std::logic_error);
}

TEST_CASE("a histogram's own series cannot be taken by another family") {
  auto const* const suffix = GENERATE("_bucket", "_sum", "_count");
  auto const taken = std::string{"h_seconds"} + suffix;
  metrics first;
  first.histogram("h_seconds", "Help.", {1});
  CHECK_THROWS_AS(first.gauge(taken, "Help."), std::logic_error);
  metrics second;
  second.gauge(taken, "Help.");
  CHECK_THROWS_AS(second.histogram("h_seconds", "Help.", {1}), std::logic_error);
}

TEST_CASE("a histogram is cumulative, its bounds inclusive, its count that of +Inf") {
  metrics registry;
  auto& h = registry.histogram("h_seconds", "Help.", {0.1, 1, 10}, {{"x", "1"}});
  for (double const value : {0.05, 0.1, 0.5, 1.0, 5.0, 50.0}) h.observe(value);
  h.observe(infinity - infinity);
  auto const text = registry.text();
  CHECK(value_of(text, "h_seconds_bucket{x=\"1\",le=\"0.1\"}") == "2");
  CHECK(value_of(text, "h_seconds_bucket{x=\"1\",le=\"1\"}") == "4");
  CHECK(value_of(text, "h_seconds_bucket{x=\"1\",le=\"10\"}") == "5");
  CHECK(value_of(text, "h_seconds_bucket{x=\"1\",le=\"+Inf\"}") == "6");
  CHECK(value_of(text, "h_seconds_count{x=\"1\"}") == "6");
  CHECK(std::stod(value_of(text, "h_seconds_sum{x=\"1\"}")) == Approx(56.65));
}

TEST_CASE("a histogram's bounds must be finite and ascend") {
  metrics registry;
  CHECK_THROWS_AS(registry.histogram("h", "Help.", {}), std::logic_error);
  CHECK_THROWS_AS(registry.histogram("h", "Help.", {1, 1}), std::logic_error);
  CHECK_THROWS_AS(registry.histogram("h", "Help.", {2, 1}), std::logic_error);
  CHECK_THROWS_AS(registry.histogram("h", "Help.", {1, infinity}), std::logic_error);
}

TEST_CASE("a histogram read while others write never goes down from bound to bound") {
  histogram h{{1, 2, 3, 4}};
  std::atomic<bool> stop = false;
  {
    std::vector<std::jthread> writers;
    for (int t = 0; t < 2; ++t) {
      writers.emplace_back([&] {
        for (int i = 0; !stop; ++i) h.observe(i % 6);
      });
    }
    for (int i = 0; i < 2000; ++i) {
      auto const seen = h.read().cumulative;
      if (!std::ranges::is_sorted(seen)) FAIL_CHECK("not monotonic");
    }
    stop = true;
  }
  CHECK(h.read().cumulative.size() == 5);
}

TEST_CASE("counting from several threads loses nothing") {
  metrics registry;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&registry] {
        for (int i = 0; i < 1000; ++i) {
          registry.counter("a_total", "Help.").add();
          registry.gauge("b", "Help.").add(2);
          registry.gauge("b", "Help.").sub();
          registry.histogram("h", "Help.", {1}).observe(0.5);
        }
      });
    }
  }
  auto const text = registry.text();
  CHECK(value_of(text, "a_total") == "4000");
  CHECK(value_of(text, "b") == "4000");
  CHECK(value_of(text, "h_count") == "4000");
}

TEST_CASE("a counter that follows another never goes back") {
  counter c;
  c.raise_to(5);
  c.raise_to(3);
  CHECK(c.value() == 5);
  c.raise_to(8);
  CHECK(c.value() == 8);
}

TEST_CASE("values kept elsewhere are brought up to date before each exposition") {
  metrics registry;
  int kept = 7;
  registry.on_collect([&] { registry.gauge("a", "Help.").set(kept); });
  CHECK(value_of(registry.text(), "a") == "7");
  kept = 8;
  CHECK(value_of(registry.text(), "a") == "8");
}

TEST_CASE("values are printed so that they read back the same") {
  struct row {
    double value;
    char const* text;
  };
  auto const [value, text] = GENERATE(values<row>({{0, "0"},
                                                   {0.1, "0.1"},
                                                   {-2.5, "-2.5"},
                                                   {1795228800.125, "1795228800.125"},
                                                   {infinity, "+Inf"},
                                                   {-infinity, "-Inf"},
                                                   {infinity - infinity, "NaN"}}));
  metrics registry;
  registry.gauge("a", "Help.").set(value);
  CHECK(value_of(registry.text(), "a") == text);
}

TEST_CASE("the process tells of itself") {
  auto const text = process_metrics();
  auto const number = [&](char const* series) {
    auto const value = value_of(text, series);
    INFO(series);
    REQUIRE_FALSE(value.empty());
    return std::stod(value);
  };
  CHECK(number("process_resident_memory_bytes") > 1e6);
  CHECK(number("process_virtual_memory_bytes") >= number("process_resident_memory_bytes"));
  CHECK(number("process_open_fds") >= 3);
  CHECK(number("process_max_fds") >= number("process_open_fds"));
  CHECK(number("process_threads") >= 1);
  CHECK(number("process_cpu_seconds_total") >= 0);
  auto const now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  CHECK(number("process_start_time_seconds") > now - 86400);
  CHECK(number("process_start_time_seconds") <= now + 2);
}
