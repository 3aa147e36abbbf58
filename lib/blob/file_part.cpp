// SPDX-License-Identifier: MIT
#include "blob/file_part.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <vector>

#include "core/digest.hpp"
#include "core/file_handle.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

file_handle open_file(std::filesystem::path const& path) {
  return file_handle{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
}

std::unexpected<failure> cannot_read(std::filesystem::path const& file, int error) {
  bool const gone = error == ENOENT || error == ENOTDIR;
  return fail(gone ? errc::not_found : from_errno(error),
              fmt::format("{}: cannot be read ({})", file.string(),
                          std::generic_category().message(error)));
}

/// How many bytes came; fewer than asked for at the end only. -1: errno tells.
std::int64_t read_fully(int fd, char* into, std::int64_t size, std::int64_t offset) {
  std::int64_t done = 0;
  while (done < size) {
    auto const got = ::pread(fd, into + done, static_cast<std::size_t>(size - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += got;
  }
  return done;
}

}  // namespace

result<file_part> read_part(std::filesystem::path const& file, std::int64_t offset,
                            std::int64_t size, std::string md5) {
  auto const from = open_file(file);
  if (from.get() < 0) return cannot_read(file, errno);
  file_part out;
  std::int64_t got = 0;
  out.bytes.resize_and_overwrite(static_cast<std::size_t>(size), [&](char* into, std::size_t) {
    got = read_fully(from.get(), into, size, offset);
    return static_cast<std::size_t>(std::max<std::int64_t>(got, 0));
  });
  if (got < 0) return cannot_read(file, errno);
  if (got != size) {
    return fail(errc::not_found, fmt::format("{}: the file has become shorter", file.string()));
  }
  out.sha256 = sha256_hex(out.bytes);
  out.md5 = md5.empty() ? md5_hex(out.bytes) : std::move(md5);
  return out;
}

result<file_digest> digest_of(std::filesystem::path const& file) {
  constexpr std::int64_t chunk = 1 << 20;
  auto const from = open_file(file);
  if (from.get() < 0) return cannot_read(file, errno);
  std::string buffer(chunk, '\0');
  sha256 digest;
  file_digest out;
  for (;;) {
    auto const got = read_fully(from.get(), buffer.data(), chunk, out.bytes);
    if (got < 0) return cannot_read(file, errno);
    digest.update(std::string_view{buffer}.substr(0, static_cast<std::size_t>(got)));
    out.bytes += got;
    if (got < chunk) break;
  }
  out.sha256 = digest.finish_hex();
  return out;
}

std::string base64_of_hex(std::string_view hex) {
  return base64(from_hex(hex));
}

}  // namespace vinny
