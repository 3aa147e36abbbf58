// SPDX-License-Identifier: MIT
//
// An http or https URL, taken apart and normalised. Printing one drops the query: queries
// carry tokens, and logs are read by many.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

class url {
 public:
  /// Parses leniently, as browsers do: white space is trimmed, what may not stand in a URL is
  /// percent-encoded, host and scheme are lower-cased, credentials and fragment are dropped. Of
  /// what is escaped only unreserved characters are decoded (RFC 3986, section 6.2.2.2): two URLs
  /// that differ in another escape are two. Where browsers differ is in docs/urls.md. Fails with
  /// bad_url or blocked_scheme.
  [[nodiscard]] static result<url> parse(std::string_view text);
  /// Resolves a reference (RFC 3986, section 5) against this URL.
  [[nodiscard]] result<url> resolve(std::string_view reference) const;

  [[nodiscard]] std::string const& scheme() const noexcept { return scheme_; }
  /// Without brackets for IPv6.
  [[nodiscard]] std::string const& host() const noexcept { return host_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] bool is_https() const noexcept { return scheme_ == "https"; }
  [[nodiscard]] std::string const& path() const noexcept { return path_; }
  /// Without the question mark.
  [[nodiscard]] std::string const& query() const noexcept { return query_; }
  /// True also of an empty one: "/a?" and "/a" are two addresses.
  [[nodiscard]] bool has_query() const noexcept { return has_query_; }
  /// What stands in the request line: path and query.
  [[nodiscard]] std::string target() const;
  /// "https://example.org" or "http://example.org:8080"; IPv6 in brackets.
  [[nodiscard]] std::string origin() const;
  /// Value of the Host header.
  [[nodiscard]] std::string host_header() const;
  /// "example.org:443": the key of connect_to.
  [[nodiscard]] std::string host_and_port() const;
  /// The whole URL, with its query: for requests and the catalog.
  [[nodiscard]] std::string str() const;
  /// The URL for people: the query replaced by "?…".
  [[nodiscard]] std::string safe() const;

  [[nodiscard]] url without_query() const;
  /// Both encoded already; nothing is normalised. An empty query is none.
  [[nodiscard]] url with_path(std::string path, std::string query = {}) const;

  friend bool operator==(url const&, url const&) = default;
  friend auto operator<=>(url const&, url const&) = default;

 private:
  static result<url> read(std::string_view text, url const* base);

  std::string scheme_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::string path_;
  std::string query_;
  bool has_query_ = false;
};

/// The printable form of any text that may be a URL: what follows '?' is dropped.
[[nodiscard]] std::string safe_url(std::string_view text);

}  // namespace vinny

template <>
struct fmt::formatter<vinny::url> : fmt::formatter<std::string> {
  template <class Context>
  auto format(vinny::url const& u, Context& context) const {
    return fmt::formatter<std::string>::format(u.safe(), context);
  }
};
