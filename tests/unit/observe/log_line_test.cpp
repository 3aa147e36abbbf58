// SPDX-License-Identifier: MIT
#include "observe/log_line.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <limits>

#include "core/secret.hpp"
#include "core/text.hpp"

using namespace vinny;

namespace {

template <class T>
concept loggable = requires(T const& value) { field("key", value); };

log_record sample(std::string message = "fetched", std::vector<log_field> fields = {}) {
  return {.at = *from_rfc3339("2027-06-12T05:30:00.123Z"),
          .level = log_level::info,
          .step = "fetch",
          .message = std::move(message),
          .run_id = {},
          .fields = std::move(fields)};
}

boost::json::object parsed(log_record const& record) {
  auto const line = to_json_line(clean(record));
  REQUIRE(line.find('\n') == std::string::npos);
  return boost::json::parse(line).as_object();
}

std::string text_of(boost::json::object const& line, char const* key) {
  return std::string{line.at(key).as_string()};
}

}  // namespace

TEST_CASE("a JSON line has its names in order and its fields with their types") {
  auto record = sample("fetched", {field("status", 200), field("host", "example.org"),
                                   field("seconds", std::chrono::milliseconds{250}),
                                   field("cached", false), field("reason", errc::stalled)});
  record.run_id = "01J";
  CHECK(to_json_line(record) ==
        R"({"timestamp":"2027-06-12T05:30:00.123Z","level":"info","step":"fetch",)"
        R"("message":"fetched","run_id":"01J","status":200,"host":"example.org",)"
        R"("seconds":0.25,"cached":false,"reason":"stalled"})");
}

TEST_CASE("a line without a run has no run_id") {
  CHECK_FALSE(parsed(sample()).contains("run_id"));
}

TEST_CASE("a field cannot take the place of one of the line's own names") {
  auto const line = parsed(sample("m", {field("level", "fake"), field("run_id", "fake")}));
  CHECK(text_of(line, "level") == "info");
  CHECK(text_of(line, "level_") == "fake");
  CHECK(text_of(line, "run_id_") == "fake");
}

TEST_CASE("any text becomes valid JSON that reads back as valid UTF-8") {
  auto const bytes = GENERATE(std::string{"plain"}, std::string{"quote \" backslash \\ slash /"},
                              std::string{"line\nbreak\r\ttab"}, std::string{"\x01\x1b[31m\x7f"},
                              std::string{"Tiësto ✓"}, std::string{"\xff\xfe broken \xc3"},
                              std::string{"cut \xe2\x82"}, std::string{"\xc2\x9b[2J"},
                              std::string{"\xed\xa0\x80 surrogate"}, std::string(3, '\0'));
  auto const line = parsed(sample(bytes, {field("value", bytes), field(bytes, 1)}));
  CHECK(text_of(line, "message") == valid_utf8(bytes));
  CHECK(text_of(line, "value") == valid_utf8(bytes));
}

TEST_CASE("no control character reaches a terminal or a file") {
  for (int c = 0; c < 256; ++c) {
    auto const byte = static_cast<char>(c);
    auto const record = clean(
        sample(std::string{"a"} + byte + "\xc2" + byte + "b", {field("k", std::string{byte})}));
    for (auto const& line : {to_json_line(record), to_pretty_line(record, false)}) {
      for (std::size_t i = 0; i < line.size(); ++i) {
        auto const out = static_cast<unsigned char>(line[i]);
        bool const c1 = i > 0 && line[i - 1] == '\xc2' && out >= 0x80 && out < 0xa0;
        INFO("byte " << c << " in " << line);
        REQUIRE((out >= 0x20 && out != 0x7f && !c1));
      }
    }
  }
}

TEST_CASE("numbers that JSON does not have become null") {
  auto const inf = std::numeric_limits<double>::infinity();
  auto const line = parsed(sample("m", {field("a", inf), field("b", inf - inf), field("c", 0.1)}));
  CHECK(line.at("a").is_null());
  CHECK(line.at("b").is_null());
  CHECK(line.at("c").as_double() == 0.1);
}

TEST_CASE("a line is never longer than its limit, and is still JSON") {
  auto const unit = GENERATE(as<std::string>{}, "x", "\"", "\x01", "é", "\xff", "\xc2\x9b", "€");
  std::string huge;
  while (huge.size() < 100'000) huge += unit;
  std::vector<log_field> many;
  for (int i = 0; i < 200; ++i) many.push_back(field(huge, i % 2 == 0 ? huge : "short"));

  for (auto const& fields : {std::vector<log_field>{}, {field("body", huge)}, many}) {
    auto record = sample(huge, fields);
    record.step = huge;
    record.run_id = huge;
    record = clean(record);
    auto const line = to_json_line(record);
    CHECK(line.size() <= max_log_line);
    CHECK(to_pretty_line(record, false).size() <= max_log_line);
    CHECK(boost::json::parse(line).is_object());
    CHECK(valid_utf8(line) == line);
  }
}

TEST_CASE("a clipped text says so, and leaves room for the fields") {
  auto const line = parsed(sample(std::string(50'000, 'm'), {field("host", "example.org")}));
  auto const message = text_of(line, "message");
  CHECK(message.size() > 4000);
  CHECK(message.ends_with("m…"));
  CHECK(text_of(line, "host") == "example.org");
}

TEST_CASE("a text that just fits is not clipped") {
  auto const text = std::string(4000, '"');
  CHECK(text_of(parsed(sample("m", {field("k", text)})), "k") == text);
}

TEST_CASE("a URL loses its query, as a value and inside a text") {
  struct row {
    char const* text;
    char const* expected;
  };
  auto const [text, expected] = GENERATE(values<row>({
      {"GET https://a.example/x?token=SECRET failed", "GET https://a.example/x?… failed"},
      {"\"http://a.example?k=SECRET\", and https://b.example/y",
       "\"http://a.example?…\", and https://b.example/y"},
      {"https://a/?q=SECRET https://b/?q=SECRET", "https://a/?… https://b/?…"},
      {"(s3://bucket/key?sig=SECRET)", "(s3://bucket/key?…)"},
      {"https://a/?u=https://b/?SECRET", "https://a/?…"},
      {"why? because: https://a.example", "why? because: https://a.example"},
      {"https://a.example/x?…", "https://a.example/x?…"},
  }));
  auto const record = clean(sample(text, {field("text", text)}));
  CHECK(record.message == expected);
  CHECK(std::get<std::string>(record.fields[0].value) == expected);
}

TEST_CASE("a url value is logged without its query") {
  auto const link = url::parse("https://example.org/a?token=SECRET");
  REQUIRE(link.has_value());
  auto const line = to_json_line(sample("m", {field("url", *link)}));
  CHECK(line.find("SECRET") == std::string::npos);
  CHECK(line.find("https://example.org/a") != std::string::npos);
}

TEST_CASE("a secret cannot be logged: it does not compile") {
  STATIC_REQUIRE(loggable<std::string>);
  STATIC_REQUIRE(loggable<url>);
  STATIC_REQUIRE_FALSE(loggable<secret>);
}

TEST_CASE("a pretty line reads from left to right") {
  auto record = sample("too slow", {field("host", "a.example"), field("text", "two words"),
                                    field("empty", ""), field("n", 3), field("ok", true)});
  record.level = log_level::warn;
  CHECK(to_pretty_line(record, false) ==
        "05:30:00 WARN  fetch  too slow  host=a.example  text=\"two words\"  empty=\"\"  n=3  "
        "ok=true");
}

TEST_CASE("colour is only in coloured lines") {
  CHECK(to_pretty_line(sample(), true).find("\x1b[") != std::string::npos);
  CHECK(to_pretty_line(sample(), false).find('\x1b') == std::string::npos);
}

TEST_CASE("levels have names and journald priorities") {
  struct row {
    log_level level;
    char const* text;
    int priority;
  };
  auto const [level, text, priority] = GENERATE(values<row>({{log_level::trace, "trace", 7},
                                                             {log_level::debug, "debug", 7},
                                                             {log_level::info, "info", 6},
                                                             {log_level::warn, "warn", 4},
                                                             {log_level::error, "error", 3}}));
  CHECK(name(level) == text);
  CHECK(log_level_from_name(text) == level);
  CHECK(journal_priority(level) == priority);
}

TEST_CASE("an unknown level has no value") {
  CHECK_FALSE(log_level_from_name("verbose").has_value());
  CHECK_FALSE(log_level_from_name("").has_value());
}

TEST_CASE("the journal is recognised by device and inode together") {
  int pipe_ends[2]{};
  REQUIRE(::pipe(pipe_ends) == 0);
  struct stat info{};
  REQUIRE(::fstat(pipe_ends[1], &info) == 0);
  auto const right = fmt::format("{}:{}", info.st_dev, info.st_ino);
  CHECK(is_journal_stream(right.c_str(), pipe_ends[1]));
  auto const wrong =
      GENERATE_COPY(fmt::format("{}:{}", info.st_dev, info.st_ino + 1),
                    fmt::format("{}:{}", info.st_dev + 1, info.st_ino),
                    fmt::format("{}", info.st_ino), right + "x", std::string{":"}, std::string{});
  CHECK_FALSE(is_journal_stream(wrong.c_str(), pipe_ends[1]));
  CHECK_FALSE(is_journal_stream(nullptr, pipe_ends[1]));
  CHECK_FALSE(is_journal_stream(right.c_str(), -1));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}
