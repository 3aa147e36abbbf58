// SPDX-License-Identifier: MIT
#include "blob/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::string_view temporary_folder = ".vinny-tmp";

class handle {
 public:
  explicit handle(int fd) noexcept : fd_(fd) {}
  handle(handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  handle& operator=(handle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~handle() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

std::unexpected<failure> file_error(int error, std::filesystem::path const& path) {
  auto const code = from_errno(error);
  return fail(code,
              fmt::format("{}: {} ({})", path.string(), describe(code), std::strerror(error)));
}

/// Opens below a directory without following symbolic links or leaving it.
handle open_beneath(int root, char const* relative, int flags, unsigned mode = 0) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  auto const fd = ::syscall(SYS_openat2, root, relative, &how, sizeof how);
  if (fd < 0 && errno == ENOSYS) {
    return handle{::openat(root, relative, flags | O_CLOEXEC | O_NOFOLLOW, mode)};
  }
  return handle{static_cast<int>(fd)};
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

/// Opens the folder that a path lies in, making what is missing; each step stays below the root.
result<handle> open_folder(std::filesystem::path const& root, std::string_view relative) {
  handle at{::open(root.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  if (!at) return file_error(errno, root);
  auto const parts = split(relative, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    std::string const part{parts[i]};
    if (::mkdirat(at.get(), part.c_str(), 0755) == 0) {
      ::fsync(at.get());
    } else if (errno != EEXIST) {
      return file_error(errno, root / relative);
    }
    auto next = open_beneath(at.get(), part.c_str(), O_DIRECTORY | O_RDONLY);
    if (!next) return file_error(errno, root / relative);
    at = std::move(next);
  }
  return at;
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

/// A temporary file that goes away unless it was renamed.
struct temporary {
  std::filesystem::path path;
  handle file{-1};

  explicit temporary(std::filesystem::path const& root)
      : path(root / temporary_folder / new_ulid()),
        file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644)) {}
  temporary(temporary const&) = delete;
  temporary& operator=(temporary const&) = delete;
  ~temporary() {
    if (file) ::unlink(path.c_str());
  }
};

result<> make_temporary_folder(std::filesystem::path const& root) {
  std::error_code error;
  std::filesystem::create_directories(root / temporary_folder, error);
  if (error) return file_error(error.value(), root / temporary_folder);
  return {};
}

std::unexpected<failure> leaves_root(std::string_view relative) {
  return fail(errc::store_rejected,
              fmt::format("'{}' is not a path below the directory", clip(relative, 200)));
}

}  // namespace

result<> file_root::publish(int fd, std::filesystem::path const& temporary_path,
                            std::string_view relative) const {
  if (::fsync(fd) != 0) return file_error(errno, root_ / relative);
  auto const folder = open_folder(root_, relative);
  if (!folder) return std::unexpected(folder.error());
  std::string const name{split(relative, '/').back()};
  if (::renameat(AT_FDCWD, temporary_path.c_str(), folder->get(), name.c_str()) != 0) {
    return file_error(errno, root_ / relative);
  }
  if (::fsync(folder->get()) != 0) return file_error(errno, root_ / relative);
  return {};
}

result<> file_root::write(std::string_view relative, std::string_view bytes) const {
  if (!is_safe(relative)) return leaves_root(relative);
  if (auto const made = make_temporary_folder(root_); !made) return made;
  temporary const draft{root_};
  if (!draft.file) return file_error(errno, draft.path);
  if (auto const done = write_all(draft.file.get(), bytes, root_ / relative); !done) return done;
  return publish(draft.file.get(), draft.path, relative);
}

result<std::int64_t> file_root::copy_in(std::filesystem::path const& from,
                                        std::string_view relative) const {
  if (!is_safe(relative)) return leaves_root(relative);
  if (auto const made = make_temporary_folder(root_); !made) return std::unexpected(made.error());
  handle const source{::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!source) return file_error(errno, from);
  temporary const draft{root_};
  if (!draft.file) return file_error(errno, draft.path);
  std::array<char, 64 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::int64_t total = 0;
  for (;;) {
    auto const count = ::read(source.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, from);
    if (count == 0) break;
    total += count;
    auto const done = write_all(draft.file.get(), {buffer.data(), static_cast<std::size_t>(count)},
                                root_ / relative);
    if (!done) return std::unexpected(done.error());
  }
  auto const done = publish(draft.file.get(), draft.path, relative);
  if (!done) return std::unexpected(done.error());
  return total;
}

result<bool> file_root::move(std::string_view from, std::string_view to) const {
  if (!is_safe(from)) return leaves_root(from);
  if (!is_safe(to)) return leaves_root(to);
  if (!size(from)) return false;
  auto const source = open_folder(root_, from);
  if (!source) return std::unexpected(source.error());
  auto const target = open_folder(root_, to);
  if (!target) return std::unexpected(target.error());
  std::string const old_name{split(from, '/').back()};
  std::string const new_name{split(to, '/').back()};
  if (::renameat(source->get(), old_name.c_str(), target->get(), new_name.c_str()) != 0) {
    return file_error(errno, root_ / to);
  }
  ::fsync(target->get());
  return true;
}

std::optional<std::int64_t> file_root::size(std::string_view relative) const {
  if (!is_safe(relative)) return std::nullopt;
  handle const root{::open(root_.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  auto const file = open_beneath(root.get(), std::string{relative}.c_str(), O_PATH);
  struct stat info{};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return info.st_size;
}

result<std::string> file_root::read(std::string_view relative, std::int64_t max_bytes) const {
  if (!is_safe(relative)) return leaves_root(relative);
  handle const root{::open(root_.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  // Without O_NONBLOCK, opening a FIFO would wait for its other end.
  auto const file =
      root ? open_beneath(root.get(), std::string{relative}.c_str(), O_RDONLY | O_NONBLOCK)
           : handle{-1};
  struct stat info{};
  if (!file) {
    if (errno == ENOENT) return fail(errc::not_found, fmt::format("{}: no such file", relative));
    return file_error(errno, root_ / relative);
  }
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return fail(errc::not_found, fmt::format("{}: not a regular file", relative));
  }
  if (info.st_size > max_bytes) {
    return fail(errc::body_too_large,
                fmt::format("{}: {} bytes; {} are allowed", relative, info.st_size, max_bytes));
  }
  std::string out(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t have = 0;
  while (have < out.size()) {
    auto const count = ::read(file.get(), out.data() + have, out.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, root_ / relative);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  out.resize(have);
  return out;
}

void file_root::remove(std::string_view relative) const {
  if (!is_safe(relative)) return;
  if (auto const folder = open_folder(root_, relative)) {
    ::unlinkat(folder->get(), std::string{split(relative, '/').back()}.c_str(), 0);
  }
}

void file_root::remove_leftovers() const {
  std::error_code error;
  for (std::filesystem::directory_iterator at{root_ / temporary_folder, error}, end;
       !error && at != end; at.increment(error)) {
    std::error_code ignored;
    bool const ours = is_ulid(at->path().filename().native()) &&
                      at->symlink_status(ignored).type() == std::filesystem::file_type::regular;
    if (ours) std::filesystem::remove(at->path(), ignored);
  }
}

result<bool> write_if_different(file_root const& root, std::string_view relative,
                                std::string_view bytes) {
  constexpr std::int64_t comparable = 256LL << 20;
  if (auto const old = root.read(relative, comparable); old && *old == bytes) return false;
  auto const done = root.write(relative, bytes);
  if (!done) return std::unexpected(done.error());
  return true;
}

}  // namespace vinny
