// SPDX-License-Identifier: MIT
#include "observe/log_line.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <type_traits>

#include "observe/log_escape.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, log_level_count> level_names{"trace", "debug", "info",
                                                                    "warn", "error"};
constexpr std::array<std::string_view, 5> own_names{"timestamp", "level", "step", "message",
                                                    "run_id"};

std::string number(double value, std::string_view if_not_finite) {
  if (!std::isfinite(value)) return std::string{if_not_finite};
  std::array<char, 32> buffer{};
  auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

bool needs_quotes(std::string_view text) noexcept {
  return text.empty() || text.find_first_of(" =\"\\") != std::string_view::npos;
}

template <bool Json>
void append_value(std::string& out, log_field const& item) {
  auto const append = [&out](auto const& value) {
    using type = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<type, std::string>) {
      if (Json || needs_quotes(value)) {
        append_quoted(out, value);
      } else {
        append_escaped(out, value);
      }
    } else if constexpr (std::is_same_v<type, double>) {
      out += number(value, Json ? "null" : "nan");
    } else {
      fmt::format_to(std::back_inserter(out), "{}", value);
    }
  };
  std::visit(append, item.value);
}

constexpr std::string_view colour_of(log_level level) noexcept {
  switch (level) {
    case log_level::error:
      return "\x1b[31m";
    case log_level::warn:
      return "\x1b[33m";
    case log_level::info:
      return "\x1b[32m";
    default:
      return "\x1b[36m";
  }
}
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

}  // namespace

std::string_view name(log_level level) noexcept {
  return level_names[std::min(static_cast<std::size_t>(level), log_level_count - 1)];
}

std::optional<log_level> log_level_from_name(std::string_view text) noexcept {
  auto const it = std::ranges::find(level_names, text);
  if (it == level_names.end()) return std::nullopt;
  return static_cast<log_level>(it - level_names.begin());
}

std::string to_json_line(log_record const& record) {
  std::string out = R"({"timestamp":")";
  out.append(to_rfc3339(record.at)).append(R"(","level":")").append(name(record.level));
  out += R"(","step":)";
  append_quoted(out, record.step);
  out += R"(,"message":)";
  append_quoted(out, record.message);
  if (!record.run_id.empty()) {
    out += R"(,"run_id":)";
    append_quoted(out, record.run_id);
  }
  for (auto const& item : record.fields) {
    out += ",\"";
    append_escaped(out, item.key);
    out += std::ranges::find(own_names, item.key) == own_names.end() ? "\":" : "_\":";
    append_value<true>(out, item);
  }
  out += '}';
  return out;
}

std::string to_pretty_line(log_record const& record, bool colour) {
  auto const paint = [colour](std::string_view code) { return colour ? code : ""; };
  std::string level{name(record.level)};
  for (char& c : level) c = static_cast<char>(c - 'a' + 'A');
  auto const time = to_rfc3339(record.at);
  auto out = fmt::format("{}{}{} {}{:<5}{} ", paint(dim), std::string_view{time}.substr(11, 8),
                         paint(plain), paint(colour_of(record.level)), level, paint(plain));
  append_escaped(out, record.step);
  out += "  ";
  append_escaped(out, record.message);
  for (auto const& item : record.fields) {
    out.append("  ").append(paint(dim));
    append_escaped(out, item.key);
    out.append("=").append(paint(plain));
    append_value<false>(out, item);
  }
  return out;
}

int journal_priority(log_level level) noexcept {
  switch (level) {
    case log_level::error:
      return 3;
    case log_level::warn:
      return 4;
    case log_level::info:
      return 6;
    default:
      return 7;
  }
}

bool is_journal_stream(char const* journal_stream, int fd) noexcept {
  if (journal_stream == nullptr) return false;
  std::string_view const text{journal_stream};
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto const read = [](std::string_view digits, std::uint64_t& value) {
    auto const [at, error] = std::from_chars(digits.begin(), digits.end(), value);
    return error == std::errc{} && at == digits.end();
  };
  struct stat info{};
  return read(text.substr(0, colon), device) && read(text.substr(colon + 1), inode) &&
         ::fstat(fd, &info) == 0 && info.st_dev == device && info.st_ino == inode;
}

}  // namespace vinny
