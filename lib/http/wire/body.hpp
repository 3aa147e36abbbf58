// SPDX-License-Identifier: MIT
//
// A body by its framing: which bytes are its own, and whether it is whole when it ends. Pure.
#pragma once

#include "http/wire/answer_head.hpp"
#include "http/wire/chunks.hpp"

namespace vinny {

class body_reader {
 public:
  /// `most_trailer_bytes`: what the head has left of its limit.
  body_reader(framing frame, std::size_t most_trailer_bytes,
              chunk_reader::manner how = chunk_reader::manner::lenient)
      : frame_(frame), left_(frame.length), chunks_(most_trailer_bytes, how) {}

  /// Takes bytes from the front and appends what is data to `body`; how many were taken. Fails with
  /// bad_response.
  [[nodiscard]] result<std::size_t> feed(std::string_view bytes, std::string& body);
  /// So many bytes that come next are data as they are; 0: they must go through feed().
  [[nodiscard]] std::uint64_t plain_ahead() const noexcept;
  /// Of those, so many have come.
  void took(std::size_t bytes) noexcept;

  [[nodiscard]] bool done() const noexcept;
  /// The connection has ended, `in_order` or not. True: the body is whole by it.
  [[nodiscard]] bool whole_at_end(bool in_order) const noexcept {
    return done() || (frame_.end == body_end::connection && in_order);
  }

 private:
  framing frame_;
  std::uint64_t left_;
  chunk_reader chunks_;
};

}  // namespace vinny
