// SPDX-License-Identifier: MIT
#include "config/sources/dotenv.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"

namespace vinny::settings {
namespace {

bool is_name(std::string_view text) {
  auto const fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::ranges::all_of(text, fits) && (text[0] < '0' || text[0] > '9');
}

class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  dotenv read() {
    while (!rest_.empty()) read_entry();
    return std::move(out_);
  }

 private:
  void read_entry() {
    auto const line = line_;
    auto const end = std::min(rest_.find('\n'), rest_.size());
    auto const entry = rest_.substr(0, end);
    auto const content = trim(entry);
    if (content.empty() || content.starts_with('#')) return advance(end + 1);
    auto const equals = entry.find('=');
    auto name = trim(entry.substr(0, std::min(equals, entry.size())));
    if (name.starts_with("export ")) name = trim(name.substr(7));
    if (equals == entry.npos || !is_name(name)) {
      // The line is not repeated: it may hold a secret.
      out_.errors.push_back({line, 0, "must be KEY=VALUE"});
      return advance(end + 1);
    }
    advance(equals + 1);
    if (auto value = read_value(line)) out_.values[std::string(name)] = {std::move(*value), line};
  }

  std::optional<std::string> read_value(int line) {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) advance(1);
    if (rest_.starts_with('"') || rest_.starts_with('\'')) return read_quoted(line);
    auto const end = std::min(rest_.find('\n'), rest_.size());
    auto value = rest_.substr(0, end);
    for (std::size_t i = 0; i < value.size(); ++i) {
      bool const apart = i == 0 || value[i - 1] == ' ' || value[i - 1] == '\t';
      if (value[i] == '#' && apart) value = value.substr(0, i);
    }
    auto const text = std::string(trim(value));
    advance(end + 1);
    return text;
  }

  std::optional<std::string> read_quoted(int line) {
    char const quote = rest_.front();
    std::string text;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != quote; ++at) {
      if (quote == '"' && rest_[at] == '\\' && at + 1 < rest_.size()) {
        text += unescaped(rest_[++at]);
      } else {
        text += rest_[at];
      }
    }
    if (at >= rest_.size()) {
      out_.errors.push_back({line, 0, "a quote is opened and never closed"});
      advance(rest_.find('\n') + 1);
      return {};
    }
    advance(at + 1);
    auto const end = std::min(rest_.find('\n'), rest_.size());
    auto const after = trim(rest_.substr(0, end));
    if (!after.empty() && !after.starts_with('#')) {
      out_.errors.push_back({line, 0, "something stands after the closing quote"});
    }
    advance(end + 1);
    return text;
  }

  static std::string unescaped(char c) {
    switch (c) {
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      case 't':
        return "\t";
      case '"':
      case '\\':
      case '$':
        return {c};
      default:
        return {'\\', c};
    }
  }

  // A count of 0 is what `npos + 1` gives: there is no further line.
  void advance(std::size_t count) {
    if (count == 0 || count > rest_.size()) count = rest_.size();
    line_ += static_cast<int>(std::ranges::count(rest_.substr(0, count), '\n'));
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  int line_ = 1;
  dotenv out_;
};

}  // namespace

dotenv parse_dotenv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return reader(text).read();
}

}  // namespace vinny::settings
