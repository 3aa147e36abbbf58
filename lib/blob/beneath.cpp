// SPDX-License-Identifier: MIT
#include "blob/beneath.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/text.hpp"
#include "policy/classify.hpp"

namespace vinny {

std::unexpected<failure> file_error(int error, std::filesystem::path const& path) {
  auto const code = from_errno(error);
  return fail(code,
              fmt::format("{}: {} ({})", path.string(), describe(code), std::strerror(error)));
}

file_handle open_beneath(int root, char const* relative, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  auto const fd = ::syscall(SYS_openat2, root, relative, &how, sizeof how);
  if (fd < 0 && errno == ENOSYS) {
    return file_handle{::openat(root, relative, flags | O_CLOEXEC | O_NOFOLLOW, mode)};
  }
  return file_handle{static_cast<int>(fd)};
}

bool is_safe(std::string_view relative) noexcept {
  if (relative.empty() || relative.front() == '/') return false;
  for (auto const part : split(relative, '/')) {
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

result<file_handle> open_folder(std::filesystem::path const& root, std::string_view relative,
                                grown_folders& grown) {
  file_handle at{::open(root.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  if (!at) return file_error(errno, root);
  auto const parts = split(relative, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    std::string const part{parts[i]};
    auto next = open_beneath(at.get(), part.c_str(), O_DIRECTORY | O_RDONLY);
    if (next) {
      at = std::move(next);
      continue;
    }
    if (errno != ENOENT) return file_error(errno, root / relative);
    if (::mkdirat(at.get(), part.c_str(), 0755) != 0 && errno != EEXIST) {
      return file_error(errno, root / relative);
    }
    next = open_beneath(at.get(), part.c_str(), O_DIRECTORY | O_RDONLY);
    if (!next) return file_error(errno, root / relative);
    auto const parent =
        relative.substr(0, static_cast<std::size_t>(parts[i].data() - relative.data()));
    grown.try_emplace(std::string{parent}, std::exchange(at, std::move(next)));
  }
  return at;
}

result<file_handle> open_folder(std::filesystem::path const& root, std::string_view relative) {
  grown_folders grown;
  auto out = open_folder(root, relative, grown);
  for (auto const& [path, one] : grown) ::fsync(one.get());
  return out;
}

std::string_view folder_of(std::string_view relative) {
  auto const at = relative.rfind('/');
  return at == std::string_view::npos ? std::string_view{} : relative.substr(0, at + 1);
}

std::string name_of(std::string_view relative) {
  return std::string{relative.substr(folder_of(relative).size())};
}

result<> write_all(int fd, std::string_view bytes, std::filesystem::path const& path) {
  while (!bytes.empty()) {
    auto const count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace vinny
