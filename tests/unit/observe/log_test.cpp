// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

#include "core/text.hpp"
#include "observe/log_line.hpp"

using namespace vinny;

namespace {

/// Sends the log to a file of its own while it lives.
class captured_log {
 public:
  explicit captured_log(log_format format = log_format::json, log_level level = log_level::info)
      : file_(std::tmpfile()) {
    set_up_log({.level = level, .format = format, .fd = fd()});
  }
  ~captured_log() {
    set_log_listener({});
    set_up_log({});
    std::fclose(file_);
  }
  captured_log(captured_log const&) = delete;
  captured_log& operator=(captured_log const&) = delete;

  [[nodiscard]] int fd() const { return ::fileno(file_); }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::string all;
    char buffer[4096];
    for (off_t at = 0;;) {
      auto const got = ::pread(fd(), buffer, sizeof buffer, at);
      if (got <= 0) break;
      all.append(buffer, static_cast<std::size_t>(got));
      at += got;
    }
    std::vector<std::string> out;
    for (auto const part : split(all, '\n')) out.emplace_back(part);
    CHECK(out.back().empty());  // the last line is ended too
    out.pop_back();
    return out;
  }

 private:
  std::FILE* file_;
};

std::uint64_t count_of(log_level level) {
  return log_counts()[static_cast<std::size_t>(level)];
}

}  // namespace

TEST_CASE("an event is one JSON line") {
  captured_log const log_file;
  log(log_level::info, "fetch", "page read", field("host", "example.org"), field("status", 200));
  auto const lines = log_file.lines();
  REQUIRE(lines.size() == 1);
  auto const line = boost::json::parse(lines[0]).as_object();
  CHECK(line.at("step").as_string() == "fetch");
  CHECK(line.at("message").as_string() == "page read");
  CHECK(line.at("host").as_string() == "example.org");
  CHECK(line.at("status").as_int64() == 200);
  CHECK(from_rfc3339(std::string_view{line.at("timestamp").as_string()}).has_value());
}

TEST_CASE("the level can be changed while running, and what is below it is not counted") {
  captured_log const log_file;
  auto const before = count_of(log_level::debug);
  log(log_level::debug, "s", "hidden");
  set_log_level(log_level::debug);
  log(log_level::debug, "s", "shown");
  log(log_level::trace, "s", "hidden");
  auto const lines = log_file.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("shown") != std::string::npos);
  CHECK(count_of(log_level::debug) == before + 1);
}

TEST_CASE("lines carry the id of the run while its scope lives") {
  captured_log const log_file;
  {
    run_scope const outer{run_tag{"01M8QNMEACWVM024ED3MB0XGYJ"}};
    log(log_level::info, "s", "a");
    {
      run_scope const inner{run_tag{"01M8QPS8DXC90P3N454W6ZPWBJ"}};
      log(log_level::info, "s", "b");
    }
    log(log_level::info, "s", "c");
  }
  log(log_level::info, "s", "d");
  auto const lines = log_file.lines();
  REQUIRE(lines.size() == 4);
  auto const run = [&](std::size_t i) {
    auto const line = boost::json::parse(lines[i]).as_object();
    return line.contains("run_id") ? std::string{line.at("run_id").as_string()} : "none";
  };
  CHECK(run(0) == "01M8QNMEACWVM024ED3MB0XGYJ");
  CHECK(run(1) == "01M8QPS8DXC90P3N454W6ZPWBJ");
  CHECK(run(2) == "01M8QNMEACWVM024ED3MB0XGYJ");
  CHECK(run(3) == "none");
}

TEST_CASE("automatic is JSON where there is no terminal") {
  captured_log const log_file{log_format::automatic};
  log(log_level::info, "s", "m");
  CHECK(log_file.lines().at(0).starts_with("{\"timestamp\""));
}

TEST_CASE("pretty is plain text without colour where there is no terminal") {
  captured_log const log_file{log_format::pretty};
  log(log_level::warn, "fetch", "slow", field("host", "h"));
  auto const line = log_file.lines().at(0);
  CHECK(line.ends_with(" WARN  fetch  slow  host=h"));
  CHECK(line.find('\x1b') == std::string::npos);
}

TEST_CASE("lines have journald's prefix only when the journal is really behind them") {
  captured_log const log_file;
  struct stat info{};
  REQUIRE(::fstat(log_file.fd(), &info) == 0);
  ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", info.st_dev, info.st_ino).c_str(), 1);
  set_up_log({.format = log_format::json, .fd = log_file.fd()});
  log(log_level::error, "s", "in the journal");
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  set_up_log({.format = log_format::json, .fd = log_file.fd()});
  log(log_level::error, "s", "elsewhere");
  ::unsetenv("JOURNAL_STREAM");
  auto const lines = log_file.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("<3>{"));
  CHECK(lines[1].starts_with("{"));
}

TEST_CASE("the last 200 warnings and errors are kept, newest first") {
  captured_log const log_file;
  for (int i = 0; i < 250; ++i) {
    log(i % 2 == 0 ? log_level::warn : log_level::error, "s", "problem", field("n", i));
    log(log_level::info, "s", "no problem");
  }
  auto const problems = recent_problems();
  REQUIRE(problems.size() == 200);
  CHECK(std::get<std::int64_t>(problems.front().fields.at(0).value) == 249);
  CHECK(std::get<std::int64_t>(problems.back().fields.at(0).value) == 50);
  CHECK(std::ranges::none_of(problems, [](auto const& p) { return p.level < log_level::warn; }));
  CHECK(recent_problems(3).size() == 3);
}

TEST_CASE("a listener hears every written line until it is taken away") {
  captured_log const log_file;
  std::vector<std::string> heard;
  set_log_listener([&](log_record const& record) { heard.push_back(record.message); });
  log(log_level::info, "s", "one https://a/?token=SECRET");
  log(log_level::debug, "s", "below the level");
  log(log_level::error, "s", "two");
  set_log_listener({});
  log(log_level::info, "s", "three");
  CHECK(heard == std::vector<std::string>{"one https://a/?…", "two"});
}

TEST_CASE("a listener that throws does not end the work") {
  captured_log const log_file;
  set_log_listener([](log_record const&) { throw std::runtime_error("listener"); });
  log(log_level::info, "s", "a");
  set_log_listener({});
  log(log_level::info, "s", "b");
  CHECK(log_file.lines().size() == 2);
}

TEST_CASE("lines of several threads do not mix and none is lost") {
  captured_log const log_file;
  auto const before = count_of(log_level::info);
  constexpr int each = 200;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([t] {
        for (int i = 0; i < each; ++i) {
          log(log_level::info, "s", std::string(300, 'x'), field("id", t * each + i));
        }
      });
    }
  }
  std::set<std::int64_t> ids;
  for (auto const& line : log_file.lines()) {
    ids.insert(boost::json::parse(line).at("id").as_int64());
  }
  CHECK(ids.size() == 4 * each);
  CHECK(count_of(log_level::info) == before + 4 * each);
}

TEST_CASE("a log that cannot be written loses lines, not the program") {
  captured_log const log_file;
  set_up_log({.format = log_format::json, .fd = -1});
  log(log_level::info, "s", "lost");
  CHECK(log_file.lines().empty());
}
