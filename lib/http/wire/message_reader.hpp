// SPDX-License-Identifier: MIT
//
// What comes on a connection, as heads and bodies: one buffer of bounded size. Deadlines are set by
// the caller; their passing has the names that it gives. On the loop.
#pragma once

#include <memory>

#include "http/wire/body.hpp"
#include "http/wire/fields.hpp"
#include "http/wire/waiting.hpp"

namespace vinny {

/// What the end of a wait means depends on what was waited for.
struct phase {
  errc timeout;
  errc broken;
};
inline constexpr phase handshaking{errc::tls_timeout, errc::tls_failed};
inline constexpr phase awaiting{errc::first_byte_timeout, errc::connection_lost};
inline constexpr phase reading{errc::stalled, errc::connection_lost};

/// Of a step that did not move anything. `limit`: of all that is under way.
[[nodiscard]] failure why_broken(moved const& step, bool expired, phase at, deadline limit);

class message_reader {
 public:
  explicit message_reader(waiting_stream& stream, std::size_t longest_head = max_head_bytes)
      : stream_(stream), size_(longest_head), buffer_{new char[longest_head]} {}

  /// Waits for a whole head: its bytes, with the blank line, which are ahead() then. Fails as
  /// why_broken() says, with short_body when it was cut off, and with bad_response when it is
  /// longer than the buffer.
  [[nodiscard]] task<result<std::size_t>> await_head(deadline limit);
  [[nodiscard]] std::string_view ahead() const noexcept { return {buffer_.get() + begin_, left()}; }
  void consume(std::size_t bytes) noexcept { begin_ += bytes; }

  /// Some more of a body that is not done; how many bytes came. 0: the connection ended, and with
  /// it a body that ends so. Fails as why_broken() says, with short_body and bad_response.
  [[nodiscard]] task<result<std::size_t>> read_body(body_reader& framed, std::string& into,
                                                    deadline limit);

  /// Bytes that came and belong to nothing that was read.
  [[nodiscard]] std::size_t left() const noexcept { return end_ - begin_; }

 private:
  [[nodiscard]] task<moved> fill();

  waiting_stream& stream_;
  std::size_t size_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// An answer's head.
struct read_answer {
  answer_head head;
  std::size_t bytes = 0;  // of it on the wire
};
/// The answer's head, behind all that are interim. Fails as await_head() does, and with
/// bad_response.
[[nodiscard]] task<result<read_answer>> read_answer_head(message_reader& from, deadline limit);

}  // namespace vinny
