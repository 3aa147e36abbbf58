// SPDX-License-Identifier: MIT
//
// The chunked transfer coding, undone as the bytes come. Of answers it is read leniently, as curl
// does (white space behind a size, LF for CR LF), of requests strictly. What is no data is bounded:
// a size by its digits, extensions by the data that they come with, trailers by the head's limit.
// Pure.
//
// Source: RFC 9112, section 7.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

class chunk_reader {
 public:
  enum class manner { lenient, strict };
  /// `most_trailer_bytes`: what the head has left of its limit.
  explicit chunk_reader(std::size_t most_trailer_bytes, manner how = manner::lenient)
      : strict_(how == manner::strict), trailer_room_(most_trailer_bytes) {}

  /// Takes bytes from the front and appends the data among them to `body`; how many were taken:
  /// all, unless the end was among them. Fails with bad_response, and says why.
  [[nodiscard]] result<std::size_t> feed(std::string_view bytes, std::string& body);
  /// The last chunk and its trailers are there.
  [[nodiscard]] bool done() const noexcept { return place_ == place::end; }

 private:
  enum class place { size, size_end, extension, data, data_end, trailer, trailer_line, end };
  [[nodiscard]] result<> take(char c);
  [[nodiscard]] result<> in_size(char c);
  [[nodiscard]] result<> in_trailer(char c);
  void begin_chunk() noexcept;

  bool strict_;
  place place_ = place::size;
  bool after_cr_ = false;
  std::uint64_t left_ = 0;  // of the chunk: data that has not come
  int digits_ = 0;
  std::int64_t overhead_ = 0;  // bytes of extensions beyond what their data allows
  std::size_t trailer_room_;
};

}  // namespace vinny
