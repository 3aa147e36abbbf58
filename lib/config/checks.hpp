// SPDX-License-Identifier: MIT
//
// What a string of the configuration must look like. Each check gives what is wrong, or nothing,
// and may bring the text into its usual form (lower case, no slash at the end). Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vinny::settings {

using complaint = std::optional<std::string>;
using text_check = complaint (*)(std::string& text);

/// The text in quotes for a message: clipped, and without the query of a URL.
[[nodiscard]] std::string cited(std::string_view text);

/// Nothing that ends a line or hides: every text is held to it.
[[nodiscard]] complaint check_printable(std::string_view text);

/// "must be one of a, b": `what` is the key's name.
[[nodiscard]] complaint one_of(std::string_view what, std::string_view text,
                               std::span<std::string_view const> known);
[[nodiscard]] complaint any_text(std::string& text);
[[nodiscard]] complaint some_text(std::string& text);
/// Empty, an e-mail address (as HTML's input type=email takes it) or an http(s) URL.
[[nodiscard]] complaint contact(std::string& text);
/// http or https, a host, no credentials, no query; slashes at the end are dropped.
[[nodiscard]] complaint base_url(std::string& text);
[[nodiscard]] complaint public_url(std::string& text);
[[nodiscard]] complaint base_url_or_empty(std::string& text);
/// http or https and a host, or empty.
[[nodiscard]] complaint page_url_or_empty(std::string& text);
/// A host name or an address, without scheme or port; lower case; IPv6 loses its brackets.
[[nodiscard]] complaint host(std::string& text);
/// "host:port", lower case.
[[nodiscard]] complaint host_and_port(std::string& text);
/// "address:port", IPv6 in brackets.
[[nodiscard]] complaint address_and_port(std::string& text);
/// Empty, or a loopback "address:port"; "localhost:port" too.
[[nodiscard]] complaint listen_address(std::string& text);
[[nodiscard]] complaint slug_text(std::string& text);
[[nodiscard]] complaint extractor(std::string& text);
[[nodiscard]] complaint time_zone(std::string& text);
[[nodiscard]] complaint store_kind(std::string& text);
[[nodiscard]] complaint bucket(std::string& text);
[[nodiscard]] complaint region(std::string& text);
[[nodiscard]] complaint key_prefix(std::string& text);
[[nodiscard]] complaint acl(std::string& text);
/// What may stand in a header: at most 256 printable ASCII characters, or empty.
[[nodiscard]] complaint header_value(std::string& text);
/// Letters, digits, '-' and '_', at most 64, or empty: it becomes part of a URL's path.
[[nodiscard]] complaint identifier(std::string& text);
/// What PostgreSQL takes for a name: 1 to 63 bytes.
[[nodiscard]] complaint sql_name(std::string& text);
/// A relative path may not climb out of the directory that it is in.
[[nodiscard]] complaint contained_path(std::string& text);
/// Fits into sockaddr_un.
[[nodiscard]] complaint socket_path(std::string& text);

}  // namespace vinny::settings
