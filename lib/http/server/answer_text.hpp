// SPDX-License-Identifier: MIT
//
// An answer as it goes onto the wire. Pure.
//
// Source: RFC 9112, sections 4, 6 and 7.1; RFC 9110, sections 6.6.1 and 8.6.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "http/server.hpp"
#include "http/wire/request_head.hpp"

namespace vinny {

/// How an answer goes to the client that asked for it.
struct delivery {
  bool head_only = false;  // to HEAD: everything but the body
  bool keep_alive = false;
  int minor_version = 1;  // of the request: 1.0 knows no chunks

  [[nodiscard]] bool chunked() const noexcept { return minor_version > 0; }
};

/// Status line, fields, blank line. A stream's end is its last chunk, or of the connection.
[[nodiscard]] std::string head_text(server_response const& answer, delivery how, instant at);

/// A piece of a stream; an empty one would end it. last_chunk ends it.
[[nodiscard]] std::string chunk_text(std::string_view piece);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// What is said to a request that does not reach the handler, as application/problem+json.
[[nodiscard]] server_response refusal_answer(request_refusal const& refused);

}  // namespace vinny
