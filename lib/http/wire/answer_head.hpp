// SPDX-License-Identifier: MIT
//
// The head of an answer, and how its body is framed. Lenient where browsers and curl are, and
// nothing hangs on it: a status without a reason, LF for CR LF, lines and names that are none
// (dropped). Never where another reader could see another body: NUL, two lengths, a length beside
// chunks. Pure.
//
// Source: RFC 9112, sections 4, 5 and 6.3.
#pragma once

#include <cstdint>

#include "core/failure.hpp"
#include "http/message.hpp"

namespace vinny {

struct answer_head {
  int minor_version = 1;  // of HTTP/1.x
  int status = 0;
  header_list fields{};
};

/// Of a whole head, with or without its blank line. Fails with bad_response, and says why; the
/// address is for the caller to add.
[[nodiscard]] result<answer_head> parse_answer_head(std::string_view head);

enum class body_end {
  at_once,     // there is no body
  length,      // after so many bytes
  chunk,       // after the last chunk and its trailers
  connection,  // when the connection ends
};

struct framing {
  body_end end = body_end::at_once;
  std::uint64_t length = 0;
  bool keep_alive = false;  // another exchange may follow
};

/// How the body of an answer to `method` is framed. Fails with bad_response.
[[nodiscard]] result<framing> frame_answer(answer_head const& head, std::string_view method);

/// RFC 9110, section 15.2: others of this class may come before the answer.
[[nodiscard]] constexpr bool is_interim(int status) noexcept {
  return status >= 100 && status < 200 && status != 101;
}

}  // namespace vinny
