// SPDX-License-Identifier: MIT
#include "blob/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>

#include "blob/beneath.hpp"
#include "core/text.hpp"
#include "core/ulid.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::string_view temporary_folder = ".vinny-tmp";

result<> make_temporary_folder(std::filesystem::path const& root) {
  std::error_code error;
  std::filesystem::create_directories(root / temporary_folder, error);
  if (error) return file_error(error.value(), root / temporary_folder);
  return {};
}

/// Btrfs does not log a file that has no name yet, so syncing it would be for nothing.
bool syncs_nameless(int fd) noexcept {
  struct statfs info{};
  return ::fstatfs(fd, &info) == 0 && info.f_type != BTRFS_SUPER_MAGIC;
}

/// Whether a file without a name can get one.
bool names_descriptors() noexcept {
  static bool const able = ::access("/proc/self/fd", X_OK) == 0;
  return able;
}

std::unexpected<failure> leaves_root(std::string_view relative) {
  return fail(errc::store_rejected,
              fmt::format("'{}' is not a path below the directory", clip(relative, 200)));
}

}  // namespace

file_draft::~file_draft() {
  if (file_ && !path_.empty()) ::unlink(path_.c_str());
}

result<file_draft> file_root::begin_draft() const {
  if (names_descriptors()) {
    file_handle file{::open(root_.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0644)};
    if (file && syncs_nameless(file.get())) {
      return file_draft{{}, std::move(file), {}};
    }
  }
  auto path = root_ / temporary_folder / new_ulid();
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  file_handle file{::open(path.c_str(), flags, 0644)};
  if (!file && errno == ENOENT) {
    if (auto const made = make_temporary_folder(root_); !made) return std::unexpected(made.error());
    file = file_handle{::open(path.c_str(), flags, 0644)};
  }
  if (!file) return file_error(errno, path);
  return file_draft{std::move(path), std::move(file), {}};
}

result<> file_root::put_in_place(file_draft& one, int folder) const {
  auto const name = name_of(one.relative_);
  if (one.path_.empty()) {
    auto const open_file = fmt::format("/proc/self/fd/{}", one.file_.get());
    auto const link = [&](int at, char const* to) {
      return ::linkat(AT_FDCWD, open_file.c_str(), at, to, AT_SYMLINK_FOLLOW) == 0;
    };
    if (link(folder, name.c_str())) {
      one.file_ = file_handle{};
      return {};
    }
    // What is there already is replaced at once or not at all, and that needs a name.
    if (errno != EEXIST) return file_error(errno, root_ / one.relative_);
    if (auto const made = make_temporary_folder(root_); !made) return made;
    auto path = root_ / temporary_folder / new_ulid();
    if (!link(AT_FDCWD, path.c_str())) return file_error(errno, path);
    one.path_ = std::move(path);
  }
  if (::renameat(AT_FDCWD, one.path_.c_str(), folder, name.c_str()) != 0) {
    return file_error(errno, root_ / one.relative_);
  }
  one.file_ = file_handle{};
  return {};
}

result<> file_root::append(file_draft& one, std::string_view piece) const {
  return write_all(one.file_.get(), piece, one.path_.empty() ? root_ : one.path_);
}

result<> file_root::set_target(file_draft& one, std::string_view relative) const {
  if (!is_safe(relative)) return leaves_root(relative);
  one.relative_ = relative;
  // The disk begins now; who syncs waits for what is left. A hint: where it fails, sync does all.
  ::sync_file_range(one.file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return {};
}

result<file_draft> file_root::draft(std::string_view relative, std::string_view bytes) const {
  auto out = begin_draft();
  if (!out) return out;
  if (auto const done = append(*out, bytes); !done) return std::unexpected(done.error());
  if (auto const done = set_target(*out, relative); !done) return std::unexpected(done.error());
  return out;
}

std::vector<result<>> file_root::publish(std::span<file_draft> drafts) const {
  std::vector<result<>> out(drafts.size());
  std::map<std::string_view, std::vector<std::size_t>> folders;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    auto const& one = drafts[i];
    if (::fdatasync(one.file_.get()) != 0) {
      out[i] = file_error(errno, root_ / one.relative_);
    } else {
      folders[folder_of(one.relative_)].push_back(i);
    }
  }
  grown_folders grown;
  for (auto const& [name, members] : folders) {
    auto const folder = open_folder(root_, drafts[members.front()].relative_, grown);
    for (auto const i : members) {
      out[i] = folder ? put_in_place(drafts[i], folder->get()) : std::unexpected(folder.error());
    }
    if (!folder || ::fsync(folder->get()) == 0) continue;
    for (auto const i : members) out[i] = file_error(errno, root_ / drafts[i].relative_);
  }
  for (auto const& [path, one] : grown) {
    if (::fsync(one.get()) == 0) continue;
    for (auto& each : out) each = file_error(errno, root_);
  }
  return out;
}

result<> file_root::write(std::string_view relative, std::string_view bytes) const {
  auto made = draft(relative, bytes);
  if (!made) return std::unexpected(made.error());
  return publish({&*made, 1}).front();
}

result<std::int64_t> file_root::copy_in(std::filesystem::path const& from,
                                        std::string_view relative) const {
  file_handle const source{::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!source) return file_error(errno, from);
  auto draft = begin_draft();
  if (!draft) return std::unexpected(draft.error());
  if (auto const placed = set_target(*draft, relative); !placed) {
    return std::unexpected(placed.error());
  }
  std::array<char, 64 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::int64_t total = 0;
  for (;;) {
    auto const count = ::read(source.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, from);
    if (count == 0) break;
    total += count;
    auto const done = write_all(draft->file_.get(),
                                {buffer.data(), static_cast<std::size_t>(count)}, root_ / relative);
    if (!done) return std::unexpected(done.error());
  }
  auto const done = publish({&*draft, 1}).front();
  if (!done) return std::unexpected(done.error());
  return total;
}

result<std::int64_t> file_root::link_in(std::filesystem::path const& from,
                                        std::string_view relative) const {
  if (!is_safe(relative)) return leaves_root(relative);
  auto const folder = open_folder(root_, relative);
  if (!folder) return std::unexpected(folder.error());
  auto const linked =
      ::linkat(AT_FDCWD, from.c_str(), folder->get(), name_of(relative).c_str(), 0) == 0;
  // Another filesystem, one without links, or somebody else's file (fs.protected_hardlinks).
  if (!linked && (errno == EXDEV || errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP)) {
    return copy_in(from, relative);
  }
  if (!linked && errno != EEXIST) return file_error(errno, root_ / relative);
  if (linked) ::fsync(folder->get());
  auto const bytes = size(relative);
  if (!bytes) return fail(errc::io_error, fmt::format("{}: is not a regular file", relative));
  return *bytes;
}

result<bool> file_root::move(std::string_view from, std::string_view to) const {
  if (!is_safe(from)) return leaves_root(from);
  if (!is_safe(to)) return leaves_root(to);
  if (!size(from)) return false;
  auto const source = open_folder(root_, from);
  if (!source) return std::unexpected(source.error());
  auto const target = open_folder(root_, to);
  if (!target) return std::unexpected(target.error());
  if (::renameat(source->get(), name_of(from).c_str(), target->get(), name_of(to).c_str()) != 0) {
    return file_error(errno, root_ / to);
  }
  ::fsync(target->get());
  return true;
}

std::optional<std::int64_t> file_root::size(std::string_view relative) const {
  if (!is_safe(relative)) return std::nullopt;
  file_handle const root{::open(root_.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  auto const file = open_beneath(root.get(), std::string{relative}.c_str(), O_PATH);
  struct stat info{};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return info.st_size;
}

result<std::string> file_root::read(std::string_view relative, std::int64_t max_bytes) const {
  if (!is_safe(relative)) return leaves_root(relative);
  file_handle const root{::open(root_.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  // Without O_NONBLOCK, opening a FIFO would wait for its other end.
  auto const file =
      root ? open_beneath(root.get(), std::string{relative}.c_str(), O_RDONLY | O_NONBLOCK)
           : file_handle{-1};
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
    ::unlinkat(folder->get(), name_of(relative).c_str(), 0);
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
