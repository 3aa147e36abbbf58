// SPDX-License-Identifier: MIT
#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace vinny::test {

/// How deflate is wrapped: what zlib calls a window tells it, too.
enum class wrapping : int { gzip = 15 + 16, zlib = 15, none = -15 };

[[nodiscard]] inline std::string deflated(std::string_view bytes, wrapping how) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, static_cast<int>(how), 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error{"deflateInit2"};
  }
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  bool const whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (!whole) throw std::runtime_error{"deflate"};
  return out;
}
[[nodiscard]] inline std::string gzipped(std::string_view bytes) {
  return deflated(bytes, wrapping::gzip);
}

}  // namespace vinny::test
