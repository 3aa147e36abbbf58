// SPDX-License-Identifier: MIT
#include "config/sources/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/file_handle.hpp"

namespace vinny::settings {
namespace {

std::unexpected<std::error_code> last_error() {
  return std::unexpected(std::error_code(errno, std::generic_category()));
}

}  // namespace

std::expected<std::string, std::error_code> read_file(std::filesystem::path const& path,
                                                      std::size_t limit) {
  file_handle const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return last_error();
  std::string content;
  std::array<char, 16'384> piece{};
  for (;;) {
    auto const got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_error();
    if (got == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return std::unexpected(std::make_error_code(std::errc::file_too_large));
    }
  }
}

}  // namespace vinny::settings
