// SPDX-License-Identifier: MIT
#include "catalog/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/text.hpp"
#include "policy/classify.hpp"

namespace vinny {

result<catalog_lock> catalog_lock::take(std::filesystem::path const& data_dir,
                                        std::string const& program) {
  auto const path = data_dir / "vinny.lock";
  int const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) {
    return fail(from_errno(errno), fmt::format("{}: {}; the data directory must be writable",
                                               path.string(), std::strerror(errno)));
  }
  catalog_lock held{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 128> holder{};
    auto const size = ::pread(fd, holder.data(), holder.size(), 0);
    std::string_view const who{holder.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    return fail(errc::catalog_locked, fmt::format("{}: in use by {}", data_dir.string(),
                                                  who.empty() ? "another process" : trim(who)));
  }
  auto const text = fmt::format("{}, pid {}\n", program, ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) {
    return fail(from_errno(errno), fmt::format("{}: {}", path.string(), std::strerror(errno)));
  }
  return held;
}

bool catalog_lock::is_held(std::filesystem::path const& data_dir) noexcept {
  int const fd = ::open((data_dir / "vinny.lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  bool const held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return held;
}

catalog_lock::catalog_lock(catalog_lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

catalog_lock::~catalog_lock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace vinny
