// SPDX-License-Identifier: MIT
//
// gumbo searches its stack of open elements at most tags, and a tag's attributes at every new
// one. Ten megabytes of <div> would take it hours, so such pages are told by a linear scan. It
// takes scripts with nested comments for shorter than they are: the parser's time limit remains.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "core/text.hpp"
#include "events/markup/html.hpp"

namespace vinny {
namespace {

constexpr int max_open = 1000;  // browsers stop at 512
constexpr int max_attributes = 1000;

constexpr std::array<std::string_view, 18> never_closed{
    "area", "base",  "br",     "col",   "embed", "hr", "img", "input", "link",
    "meta", "param", "source", "track", "wbr",   "p",  "li",  "dd",    "dt"};
// Closed by their siblings, outside SVG and MathML.
constexpr std::array<std::string_view, 13> closed_by_siblings{
    "tr", "td", "th",       "tbody", "thead", "tfoot", "option",
    "rt", "rp", "optgroup", "html",  "head",  "body"};
constexpr std::array<std::string_view, 2> raw_text{"script", "style"};

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
template <std::size_t N>
bool contains(std::array<std::string_view, N> const& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class scanner {
 public:
  explicit scanner(std::string_view html) : html_(html) {}

  result<> run() {
    while ((at_ = html_.find('<', at_)) != std::string_view::npos) {
      if (auto const done = markup(); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead) const noexcept {
    return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0';
  }
  void skip_past(std::string_view mark, std::size_t from) {
    auto const found = html_.find(mark, from);
    at_ = found == std::string_view::npos ? html_.size() : found + mark.size();
  }

  result<> markup() {
    char const c = peek(1);
    if (c == '!' && peek(2) == '-' && peek(3) == '-') {
      comment();
    } else if (c == '!' || c == '?' || (c == '/' && !is_letter(peek(2)))) {
      skip_past(">", at_ + 1);
    } else if (c == '/') {
      close(tag(at_ + 2).name);
    } else if (is_letter(c)) {
      return open();
    } else {
      ++at_;
    }
    return {};
  }

  void comment() {
    at_ += 4;
    if (peek(0) == '>') {
      ++at_;
      return;
    }
    if (peek(0) == '-' && peek(1) == '>') {
      at_ += 2;
      return;
    }
    auto const plain = html_.find("-->", at_);
    auto const bang = html_.find("--!>", at_ > next_bang_ ? at_ : next_bang_);
    next_bang_ = bang == std::string_view::npos ? html_.size() : bang;
    at_ = std::min({plain == std::string_view::npos ? html_.size() : plain + 3,
                    bang == std::string_view::npos ? html_.size() : bang + 4});
  }

  struct found_tag {
    std::string name;
    int attributes = 0;
    bool closes_itself = false;
  };

  /// Reads a tag whose name begins at `from`, and moves behind it.
  found_tag tag(std::size_t from) {
    found_tag out;
    at_ = from;
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>' && html_[at_] != '/') {
      ++at_;
    }
    out.name = to_lower(html_.substr(from, std::min<std::size_t>(at_ - from, 40)));
    while (at_ < html_.size() && html_[at_] != '>') {
      if (is_space(html_[at_]) || html_[at_] == '/') {
        out.closes_itself = html_[at_] == '/';
        ++at_;
        continue;
      }
      out.closes_itself = false;
      ++out.attributes;
      attribute();
    }
    if (at_ < html_.size()) ++at_;
    return out;
  }

  void attribute() {
    auto const stops = [&](std::string_view marks) {
      while (at_ < html_.size() && marks.find(html_[at_]) == std::string_view::npos) ++at_;
    };
    ++at_;  // even an equals sign begins a name
    stops(" \t\n\r\f/>=");
    auto const name_end = at_;
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
    if (peek(0) != '=') {
      at_ = name_end;
      return;
    }
    ++at_;
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
    char const quote = peek(0);
    if (quote == '"' || quote == '\'') {
      skip_past({&quote, 1}, at_ + 1);
    } else {
      stops(" \t\n\r\f>");
    }
  }

  result<> open() {
    auto const found = tag(at_ + 1);
    if (found.attributes > max_attributes) {
      return fail(errc::bad_html, fmt::format("a tag of the page has {} attributes, more than {}",
                                              found.attributes, max_attributes));
    }
    auto const& name = found.name;
    if (foreign_ == 0 && contains(raw_text, name)) {
      raw(name);
      return {};
    }
    bool const foreign_root = name == "svg" || name == "math";
    if (contains(never_closed, name)) return {};
    if (foreign_ == 0 && !foreign_root && contains(closed_by_siblings, name)) return {};
    if (found.closes_itself && (foreign_ > 0 || foreign_root)) return {};
    ++open_[name];
    if (foreign_root) ++foreign_;
    if (++depth_ > max_open) {
      return fail(errc::bad_html,
                  fmt::format("the page nests more than {} elements; it is not read", max_open));
    }
    return {};
  }

  void raw(std::string_view name) {
    for (;;) {
      skip_past("</", at_);
      if (at_ >= html_.size()) return;
      char const after = peek(name.size());
      bool const ends = is_space(after) || after == '>' || after == '/';
      if (ends && iequals(html_.substr(at_, name.size()), name)) return;
    }
  }

  void close(std::string const& name) {
    auto const it = open_.find(name);
    if (it == open_.end() || it->second == 0) return;
    --it->second;
    --depth_;
    if (name == "svg" || name == "math") --foreign_;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::size_t next_bang_ = 0;
  std::unordered_map<std::string, int> open_;
  int depth_ = 0;
  int foreign_ = 0;
};

}  // namespace

result<> check_html_nesting(std::string_view html) {
  return scanner{html}.run();
}

}  // namespace vinny
