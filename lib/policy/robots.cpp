// SPDX-License-Identifier: MIT
#include "policy/robots.hpp"

#include "core/text.hpp"
#include "policy/robots_pattern.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ranges>
#include <system_error>
#include <utility>

namespace vinny {
namespace {

enum class field { unknown, user_agent, allow, disallow, crawl_delay, sitemap };

// The misspellings are those that google/robotstxt accepts: who wrote them meant them.
constexpr std::array<std::pair<std::string_view, field>, 13> fields{{
    {"user-agent", field::user_agent},
    {"useragent", field::user_agent},
    {"user agent", field::user_agent},
    {"allow", field::allow},
    {"disallow", field::disallow},
    {"dissallow", field::disallow},
    {"dissalow", field::disallow},
    {"disalow", field::disallow},
    {"diasllow", field::disallow},
    {"disallaw", field::disallow},
    {"crawl-delay", field::crawl_delay},
    {"sitemap", field::sitemap},
    {"site-map", field::sitemap},
}};

struct record {
  field key = field::unknown;
  std::string_view value;
};

record read_record(std::string_view text) {
  text = trim(text.substr(0, text.find('#')));
  auto separator = text.find(':');
  if (separator == std::string_view::npos) {
    // "Disallow /x": a forgotten colon, if there are exactly two words.
    separator = text.find_first_of(" \t");
    if (separator == std::string_view::npos) return {};
    if (trim(text.substr(separator)).find_first_of(" \t") != std::string_view::npos) return {};
  }
  auto const key = trim(text.substr(0, separator));
  auto const* const known =
      std::ranges::find_if(fields, [&](auto const& f) { return iequals(f.first, key); });
  if (known == fields.end()) return {};
  return {known->second, trim(text.substr(separator + 1))};
}

// RFC 9309, section 2.2.1: letters, hyphen and underscore; "vinny/1.0" names vinny.
std::string_view product_token(std::string_view value) noexcept {
  bool const everybody = value == "*" || value.starts_with("* ") || value.starts_with("*\t");
  if (everybody) return value.substr(0, 1);
  auto const* const end = std::ranges::find_if_not(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return value.substr(0, static_cast<std::size_t>(end - value.begin()));
}

std::optional<std::chrono::milliseconds> read_delay(std::string_view value) noexcept {
  double seconds = 0;
  auto const* const first = value.data();
  auto const* const last = first + value.size();
  auto const [end, error] = std::from_chars(first, last, seconds, std::chars_format::fixed);
  bool const usable = error == std::errc{} && end == last && std::isfinite(seconds) && seconds >= 0;
  if (!usable) return std::nullopt;
  constexpr double a_day = 86'400;
  auto const length = std::chrono::duration<double>(std::min(seconds, a_day));
  return std::chrono::ceil<std::chrono::milliseconds>(length);
}

}  // namespace

class robots_rules::parser {
 public:
  explicit parser(robots_rules& rules) noexcept : rules_(rules) {}

  void take(record const& record) {
    switch (record.key) {
      case field::user_agent:
        user_agent(product_token(record.value));
        break;
      case field::allow:
        allow(record.value);
        break;
      case field::disallow:
        add(record.value, false);
        break;
      case field::crawl_delay:
        crawl_delay(record.value);
        break;
      case field::sitemap:
        if (!record.value.empty()) rules_.sitemaps_.emplace_back(record.value);
        break;
      case field::unknown:
        break;
    }
  }

 private:
  // Only Allow and Disallow end a run of User-agent lines (RFC 9309, sections 2.1 and 2.2.4).
  void user_agent(std::string_view token) {
    if (rules_.groups_.empty() || group_has_rules_) rules_.groups_.emplace_back();
    group_has_rules_ = false;
    if (!token.empty()) {
      rules_.agents_.push_back({std::string{token}, rules_.groups_.size() - 1, std::nullopt});
    }
  }

  void allow(std::string_view value) {
    add(value, true);
    // As google/robotstxt: who allows /x/index.html allows the same page under /x/.
    auto const slash = value.rfind('/');
    if (slash != std::string_view::npos && value.substr(slash).starts_with("/index.htm")) {
      add(std::string{value.substr(0, slash + 1)} + '$', true);
    }
  }

  void add(std::string_view value, bool allow) {
    if (rules_.groups_.empty()) return;
    group_has_rules_ = true;
    if (!value.empty()) rules_.groups_.back().push_back({normal_pattern(value), allow});
  }

  // For the agents named since the group began that have none yet, so that every agent is
  // looked at once only.
  void crawl_delay(std::string_view value) {
    auto const delay = read_delay(value);
    if (!delay || rules_.groups_.empty()) return;
    auto const group = rules_.groups_.size() - 1;
    for (auto& agent : rules_.agents_ | std::views::drop(first_without_delay_)) {
      if (agent.group == group) agent.crawl_delay = delay;
    }
    first_without_delay_ = rules_.agents_.size();
  }

  robots_rules& rules_;
  bool group_has_rules_ = false;
  std::size_t first_without_delay_ = 0;
};

robots_rules robots_rules::parse(std::string_view text) {
  if (text.size() > max_text) {
    // Half a rule may say the opposite of the whole one.
    auto const cut = text.substr(0, max_text).find_last_of("\r\n");
    text = text.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  for (char const mark : std::string_view{"\xEF\xBB\xBF"}) {
    if (!text.starts_with(mark)) break;
    text.remove_prefix(1);
  }
  robots_rules rules;
  parser into{rules};
  while (!text.empty()) {
    auto const end = std::min(text.find_first_of("\r\n"), text.size());
    into.take(read_record(text.substr(0, std::min(end, max_line))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

robots_rules robots_rules::deny_all() {
  robots_rules rules;
  rules.groups_.push_back({{"/", false}});
  rules.agents_.push_back({"*", 0, std::nullopt});
  return rules;
}

std::string_view robots_rules::token_for(std::string_view product) const noexcept {
  bool const named =
      std::ranges::any_of(agents_, [&](agent const& a) { return iequals(a.token, product); });
  return named ? product : "*";
}

bool robots_rules::allowed(std::string_view product, std::string_view path_and_query) const {
  auto const path = normal_path(path_and_query);
  if (path == "/robots.txt") return true;

  std::size_t longest = 0;
  bool may = true;
  auto const token = token_for(product);
  auto looked_at = groups_.size();
  for (auto const& agent : agents_) {
    if (agent.group == looked_at || !iequals(agent.token, token)) continue;
    looked_at = agent.group;
    for (auto const& rule : groups_[agent.group]) {
      auto const length = rule.pattern.size();
      bool const would_win = length > longest || (length == longest && rule.allow && !may);
      if (!would_win || !pattern_matches(rule.pattern, path)) continue;
      longest = length;
      may = rule.allow;
    }
  }
  return may;
}

std::optional<std::chrono::milliseconds> robots_rules::crawl_delay(std::string_view product) const {
  std::optional<std::chrono::milliseconds> longest;
  auto const token = token_for(product);
  for (auto const& agent : agents_) {
    // An empty optional is less than any value.
    if (iequals(agent.token, token)) longest = std::max(longest, agent.crawl_delay);
  }
  return longest;
}

}  // namespace vinny
