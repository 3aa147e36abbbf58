// SPDX-License-Identifier: MIT
#include "events/source/when.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"

namespace vinny {
namespace {

using namespace std::chrono;

struct number {
  int value = 0;
  std::size_t digits = 0;
};

class cursor {
 public:
  explicit cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_word(std::string_view word) {
    if (!iequals(rest_.substr(0, word.size()), word)) return false;
    auto const after = rest_.substr(word.size());
    if (!after.empty() && is_letter(after.front())) return false;
    rest_ = after;
    return true;
  }
  void skip(std::string_view any_of = " ,") {
    while (take(any_of)) {
    }
  }
  std::string_view letters() {
    std::size_t size = 0;
    while (size < rest_.size() && is_letter(rest_[size])) ++size;
    auto const out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  /// Up to `most` digits, or nothing.
  std::optional<number> digits(std::size_t most) {
    number out;
    while (out.digits < most && peek() >= '0' && peek() <= '9') {
      out.value = out.value * 10 + (peek() - '0');
      ++out.digits;
      rest_.remove_prefix(1);
    }
    if (out.digits == 0) return {};
    return out;
  }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
  std::string_view rest_;
};

std::optional<year_month_day> make_day(int y, int m, int d) {
  if (y < 1900 || y > 2199 || m < 1 || d < 1) return {};
  year_month_day const out{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!out.ok()) return {};
  return out;
}

/// One of `names` by at least its first three letters: its number, from 1.
template <std::size_t N>
int name_number(std::array<std::string_view, N> const& names, std::string_view text) {
  if (text.size() < 3) return 0;
  for (std::size_t i = 0; i < N; ++i) {
    bool const sept = text.size() == 4 && iequals(text, "sept") && names[i] == "september";
    bool const short_form =
        text.size() == 3 || text.size() == names[i].size() || sept || (N == 7 && text.size() <= 5);
    if (short_form && iequals(names[i].substr(0, text.size()), text))
      return static_cast<int>(i) + 1;
  }
  return 0;
}

int month_number(std::string_view text) {
  static constexpr std::array<std::string_view, 12> names{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  return name_number(names, text);
}

bool is_weekday(std::string_view text) {
  static constexpr std::array<std::string_view, 7> names{
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return name_number(names, text) != 0;
}

/// YYYY-MM-DD, YYYY/MM/DD, YYYYMMDD.
std::optional<year_month_day> iso_day(cursor& c) {
  auto const y = c.digits(4);
  if (!y || y->digits != 4) return {};
  bool const slash = c.peek() == '/';
  bool const extended = c.take("-/");
  auto const m = c.digits(2);
  if (!m || (m->digits != 2 && !extended)) return {};
  if (extended && !c.take(slash ? "/" : "-")) return {};
  auto const d = c.digits(2);
  if (!d || (d->digits != 2 && !extended)) return {};
  return make_day(y->value, m->value, d->value);
}

/// MM/DD/YYYY.
std::optional<year_month_day> us_day(cursor& c) {
  auto const m = c.digits(2);
  if (!m || !c.take("/")) return {};
  auto const d = c.digits(2);
  if (!d || !c.take("/")) return {};
  auto const y = c.digits(4);
  if (!y || y->digits != 4) return {};
  return make_day(y->value, m->value, d->value);
}

void skip_ordinal(cursor& c) {
  for (auto const* suffix : {"st", "nd", "rd", "th"}) {
    if (c.take_word(suffix)) return;
  }
}

/// "June 12th, 2027" or "12 June 2027", after an optional weekday.
std::optional<year_month_day> named_day(cursor& c) {
  cursor const before = c;
  if (!is_weekday(c.letters())) c = before;
  c.skip(" ,.");
  std::optional<number> d;
  if (c.peek() >= '0' && c.peek() <= '9') {
    d = c.digits(2);
    skip_ordinal(c);
    c.skip(" ,-");
    c.take_word("of");
    c.skip(" ");
  }
  int const m = month_number(c.letters());
  if (m == 0) return {};
  c.skip(" ,.-");
  if (!d) {
    d = c.digits(2);
    skip_ordinal(c);
    c.skip(" ,-");
  }
  auto const y = c.digits(4);
  if (!d || !y || y->digits != 4) return {};
  return make_day(y->value, m, d->value);
}

/// hh[:mm[:ss[.s]]] [am|pm], or basic hhmm[ss]; an hour alone needs am or pm, or a T before it.
std::optional<seconds> clock_time(cursor& c, bool after_t) {
  auto h = c.digits(2);
  if (!h) return {};
  int m = 0;
  int s = 0;
  bool bare_hour = true;
  bool const colon = c.take(":");
  if (colon || (after_t && c.peek() >= '0' && c.peek() <= '9')) {
    auto const minute = c.digits(2);
    if (!minute || minute->digits != 2) return {};
    m = minute->value;
    bare_hour = false;
    if (colon ? c.take(":") : (c.peek() >= '0' && c.peek() <= '9')) {
      auto const second = c.digits(2);
      if (!second || second->digits != 2) return {};
      s = second->value;
      if (c.take(".,") && !c.digits(12)) return {};
    }
  }
  cursor half = c;
  half.skip(" ");
  bool const am = half.take_word("am") || half.take_word("a.m.") || half.take_word("a");
  bool const pm = !am && (half.take_word("pm") || half.take_word("p.m.") || half.take_word("p"));
  if (am || pm) {
    if (h->value < 1 || h->value > 12) return {};
    h->value = h->value % 12 + (pm ? 12 : 0);
    c = half;
  } else if (bare_hour && !after_t) {
    return {};
  }
  bool const midnight = h->value == 24 && m == 0 && s == 0;
  if ((h->value > 23 && !midnight) || m > 59 || s > 60) return {};
  return hours{h->value} + minutes{m} + seconds{std::min(s, 59)};
}

/// "Z", "+07:00", "-0700", "-07", "GMT-0700", "PDT"; nothing when there is none.
/// After a date in words, "22:30-04:00" is a range of times: there an offset has no colon.
std::optional<minutes> zone_offset(cursor& c, bool iso) {
  struct named {
    std::string_view name;
    int hours;
  };
  static constexpr std::array names{named{"Z", 0},    named{"UTC", 0},  named{"GMT", 0},
                                    named{"PDT", -7}, named{"PST", -8}, named{"MDT", -6},
                                    named{"MST", -7}, named{"CDT", -5}, named{"CST", -6},
                                    named{"EDT", -4}, named{"EST", -5}};
  cursor at = c;
  at.skip(" ");
  std::optional<minutes> out;
  for (auto const& n : names) {
    if (!at.take_word(n.name)) continue;
    out = hours{n.hours};
    c = at;
    break;
  }
  if (at.peek() != '+' && at.peek() != '-') return out;
  bool const west = at.take("-");
  if (!west) at.take("+");
  auto const h = at.digits(2);
  if (!h || h->digits != 2 || h->value > 15) return out;
  bool const colon = at.take(":");
  auto const m = at.digits(2);
  if ((colon && !m) || (m && (m->digits != 2 || m->value > 59))) return out;
  cursor half = at;
  half.skip(" ");
  bool const range = half.take_word("am") || half.take_word("pm") || at.peek() == ':';
  if (range || (colon && !iso && !out)) return out;
  auto const size = hours{h->value} + minutes{m ? m->value : 0};
  c = at;
  return west ? -size : size;
}

/// What may follow a whole date and time: the end of a range, a zone's name.
bool is_tail(std::string_view rest) {
  rest = trim(rest);
  if (rest.empty() || rest.starts_with('[') || rest.starts_with('(')) return true;
  if (rest.starts_with('/') || rest.starts_with('-')) return true;
  auto const lower = to_lower(rest.substr(0, 6));
  return lower.starts_with("to ") || lower.starts_with("until ") || lower == "pt" || lower == "et";
}

/// White space and dashes of typography as ASCII.
std::string normalised(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const three = text.substr(i, 3);
    if (three == "\xE2\x80\x93" || three == "\xE2\x80\x94" || three == "\xE2\x88\x92") {
      out += '-';
      i += 2;
    } else if (three == "\xE2\x80\xAF" || three == "\xE2\x80\x89") {
      out += ' ';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return squeeze(out);
}

/// Moves over what stands between a date and a time; true when something did.
bool skip_between(cursor& c) {
  auto const size = c.rest().size();
  c.skip(" ,");
  if (c.take_word("at")) c.skip(" ");
  c.take("@|");
  cursor dash = c;
  dash.take("-");
  dash.skip(" ");
  if (dash.rest().size() + 1 < c.rest().size()) c = dash;
  c.skip(" ");
  return c.rest().size() != size;
}

}  // namespace

std::optional<when> parse_when(std::string_view given) {
  auto const text = normalised(clip(given, 200));
  cursor c{text};
  when out;
  std::optional<year_month_day> date;
  bool iso = false;
  for (auto* const form : {iso_day, us_day, named_day}) {
    cursor attempt{text};
    date = form(attempt);
    if (date) {
      iso = form == iso_day;
      c = attempt;
      break;
    }
  }
  if (!date) return {};
  out.day = *date;
  if (c.done()) return out;
  bool const after_t = c.take("Tt");
  cursor before = c;
  if (!after_t && !skip_between(c)) return is_tail(c.rest()) ? std::optional{out} : std::nullopt;
  out.time_of_day = clock_time(c, after_t);
  if (!out.time_of_day) {
    if (after_t || !is_tail(before.rest())) return {};
    return out;
  }
  out.offset = zone_offset(c, iso);
  if (!is_tail(c.rest())) return {};
  if (*out.time_of_day == 24h) {
    out.day = year_month_day{sys_days{out.day} + days{1}};
    out.time_of_day = 0s;
  }
  return out;
}

std::optional<seconds> parse_time_of_day(std::string_view given) {
  auto const text = normalised(clip(given, 60));
  cursor c{text};
  auto const time = clock_time(c, false);
  if (!time || *time >= 24h || !is_tail(c.rest())) return {};
  return time;
}

local_moment to_moment(when const& w, std::string_view zone) {
  if (!w.time_of_day || !w.offset) return at_local(w.day, w.time_of_day, zone);
  return at_instant(instant{sys_days{w.day} + *w.time_of_day - *w.offset}, zone);
}

}  // namespace vinny
