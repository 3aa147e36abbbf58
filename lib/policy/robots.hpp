// SPDX-License-Identifier: MIT
//
// What a robots.txt says (RFC 9309), from its text alone. Fetching and keeping one, and what an
// unreachable one means, belong to the polite client.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

class robots_rules {
 public:
  /// Bytes beyond this are not read (RFC 9309, section 2.5, asks for at least 500 KiB).
  static constexpr std::size_t max_text = std::size_t{512} * 1024;
  /// Bytes of one line beyond this are not read; the same limit as google/robotstxt.
  static constexpr std::size_t max_line = std::size_t{2083} * 8;

  /// Never fails: what cannot be understood is ignored, line by line.
  [[nodiscard]] static robots_rules parse(std::string_view text);
  /// For a robots.txt that does not exist (4xx).
  [[nodiscard]] static robots_rules allow_all() { return {}; }
  /// For a robots.txt that could not be read (5xx, unreachable).
  [[nodiscard]] static robots_rules deny_all();

  /// True when the product (its bare token, "vinny") may fetch the path and query. The longest
  /// matching pattern decides, in octets of its normal spelling; of two as long, the one that
  /// allows. /robots.txt is always allowed.
  [[nodiscard]] bool allowed(std::string_view product, std::string_view path_and_query) const;

  /// Crawl-delay of the product's groups, the longest if there are several, as it is written
  /// (0 and an hour alike). Not in the RFC.
  [[nodiscard]] std::optional<std::chrono::milliseconds> crawl_delay(
      std::string_view product) const;

  /// Values of the Sitemap lines in their order, unchecked.
  [[nodiscard]] std::vector<std::string> const& sitemaps() const noexcept { return sitemaps_; }

 private:
  struct rule {
    std::string pattern;  // normal, never empty
    bool allow;
  };
  struct agent {
    std::string token;  // "*" for everybody
    std::size_t group;
    std::optional<std::chrono::milliseconds> crawl_delay;
  };
  class parser;

  [[nodiscard]] std::string_view token_for(std::string_view product) const noexcept;

  // Many agents may share one long group, so rules are kept once a group.
  std::vector<std::vector<rule>> groups_;
  std::vector<agent> agents_;  // by ascending group
  std::vector<std::string> sitemaps_;
};

}  // namespace vinny
