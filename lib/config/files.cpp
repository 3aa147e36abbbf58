// SPDX-License-Identifier: MIT
#include "config/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace vinny::settings {
namespace {

class descriptor {
 public:
  explicit descriptor(int number) noexcept : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

std::unexpected<std::error_code> last_error() {
  return std::unexpected(std::error_code(errno, std::generic_category()));
}

}  // namespace

std::expected<std::string, std::error_code> read_file(std::filesystem::path const& path,
                                                      std::size_t limit) {
  descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return last_error();
  std::string content;
  std::array<char, 16'384> piece{};
  for (;;) {
    auto const got = ::read(file.number(), piece.data(), piece.size());
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
