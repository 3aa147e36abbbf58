// SPDX-License-Identifier: MIT
//
// The head of a request, read strictly: what another reader in front of us could take for something
// else is refused, so that no request can be smuggled past a proxy or a guard. Pure.
//
// Source: RFC 9112, sections 2.2, 3, 5 and 6.3; RFC 9110, sections 7.2 and 10.1.1.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/wire/answer_head.hpp"

namespace vinny {

struct request_head {
  int minor_version = 1;  // of HTTP/1.x
  std::string method{};
  std::string target{};  // path and query, as they were written
  header_list fields{};
};

/// The answer to a request that cannot be read; the connection ends with it.
struct request_refusal {
  int status = 400;
  std::string_view why;
};
template <class T>
using readable = std::expected<T, request_refusal>;

/// Of a whole head with its blank line. Of an absolute-form target the path is taken, and its host
/// stands for the Host field.
[[nodiscard]] readable<request_head> parse_request_head(std::string_view head);

struct request_framing {
  body_end end = body_end::at_once;  // at_once, length or chunk
  std::uint64_t length = 0;
  bool keep_alive = false;
  bool wants_word = false;  // "Expect: 100-continue": it waits for leave to send its body
};
[[nodiscard]] readable<request_framing> frame_request(request_head const& head);

}  // namespace vinny
