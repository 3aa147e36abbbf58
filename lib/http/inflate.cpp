// SPDX-License-Identifier: MIT
#include "http/inflate.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <memory>

namespace vinny {
namespace {

constexpr int any_header = 15 + 32;  // zlib's code for "gzip or zlib, look yourself"
constexpr int no_header = -15;

struct inflater {
  z_stream stream{};
  bool ready;
  explicit inflater(int window) : ready(inflateInit2(&stream, window) == Z_OK) {}
  inflater(inflater const&) = delete;
  inflater& operator=(inflater const&) = delete;
  ~inflater() {
    if (ready) inflateEnd(&stream);
  }
};

result<std::string> run(std::string_view bytes, std::int64_t max_bytes, int window) {
  inflater z{window};
  if (!z.ready) return fail(errc::internal, "the decompressor could not start");
  z.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 64 * 1024> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (;;) {
    z.stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    z.stream.avail_out = static_cast<uInt>(chunk.size());
    int const code = inflate(&z.stream, Z_NO_FLUSH);
    auto const produced = chunk.size() - z.stream.avail_out;
    if (static_cast<std::int64_t>(out.size() + produced) > max_bytes) {
      return fail(
          errc::inflate_bomb,
          fmt::format("{} compressed bytes decode to more than {} bytes", bytes.size(), max_bytes));
    }
    out.append(chunk.data(), produced);
    if (code == Z_STREAM_END) {
      // gzip allows several members, one after the other. What follows a whole one and is none is
      // padding (RFC 1952, section 2.2, has it as an error; gunzip, curl and browsers pass over
      // it).
      std::string_view const rest{reinterpret_cast<char const*>(z.stream.next_in),
                                  z.stream.avail_in};
      if (!is_gzip(rest) || window == no_header) return out;
      if (inflateReset(&z.stream) != Z_OK) return out;
      continue;
    }
    if (code != Z_OK || (produced == 0 && z.stream.avail_in == 0)) {
      return fail(errc::bad_encoding, "the compressed body is broken or cut off");
    }
  }
}

}  // namespace

bool is_gzip(std::string_view bytes) noexcept {
  return bytes.size() > 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

bool is_zlib(std::string_view bytes) noexcept {
  if (bytes.size() < 2) return false;
  auto const method = static_cast<unsigned char>(bytes[0]);
  auto const flags = static_cast<unsigned char>(bytes[1]);
  return (method & 0x0fU) == 8 && (method * 256U + flags) % 31 == 0;  // RFC 1950, section 2.2
}

result<std::string> inflate_bounded(std::string_view bytes, std::int64_t max_bytes) {
  auto out = run(bytes, max_bytes, any_header);
  // "deflate" means zlib in the standard and raw deflate at some servers.
  if (!out && out.error().code == errc::bad_encoding && !is_gzip(bytes)) {
    if (auto raw = run(bytes, max_bytes, no_header)) return raw;
  }
  return out;
}

}  // namespace vinny
