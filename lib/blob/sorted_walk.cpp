// SPDX-License-Identifier: MIT
#include "blob/sorted_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/classify.hpp"

namespace vinny {
namespace {

namespace fs = std::filesystem;

std::unexpected<failure> cannot_read(fs::path const& what, std::error_code const& error) {
  bool const gone = error == std::errc::no_such_file_or_directory;
  return fail(gone ? errc::not_found : from_errno(error.value()),
              fmt::format("{}: cannot be read ({})", what.string(), error.message()));
}

std::int64_t to_ms(fs::file_time_type at) {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(at))
      .time_since_epoch()
      .count();
}

}  // namespace

bool sorted_walk::is_passed(std::string const& path) const {
  bool const on_the_way = path.ends_with('/') && after_.starts_with(path);
  return path <= after_ && !on_the_way;
}

result<> sorted_walk::open(std::string folder) {
  level made{.folder = std::move(folder), .names = {}};
  std::error_code error;
  auto const where = root_ / made.folder;
  fs::directory_iterator at{where, error};
  for (fs::directory_iterator const end; !error && at != end; at.increment(error)) {
    auto name = at->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code unknown;
    auto const kind = at->symlink_status(unknown).type();
    bool const gone = kind == fs::file_type::not_found;
    if (unknown && !gone) return cannot_read(at->path(), unknown);
    if (kind == fs::file_type::directory) name += '/';
    if (kind != fs::file_type::directory && kind != fs::file_type::regular) continue;
    if (!is_passed(made.folder + name)) made.names.push_back(std::move(name));
  }
  if (error) return cannot_read(where, error);
  std::ranges::sort(made.names, std::ranges::greater{});
  levels_.push_back(std::move(made));
  return {};
}

result<std::optional<walked_file>> sorted_walk::next() {
  if (!begun_) {
    if (auto const opened = open({}); !opened) return std::unexpected(opened.error());
    begun_ = true;
  }
  while (!levels_.empty()) {
    auto& last = levels_.back();
    if (last.names.empty()) {
      levels_.pop_back();
      continue;
    }
    auto path = last.folder + last.names.back();
    last.names.pop_back();
    if (path.ends_with('/')) {
      if (auto const opened = open(std::move(path)); !opened) {
        return std::unexpected(opened.error());
      }
      continue;
    }
    std::error_code error;
    fs::directory_entry const file{root_ / path, error};
    auto const bytes = error ? 0 : file.file_size(error);
    auto const at = error ? fs::file_time_type{} : file.last_write_time(error);
    if (error == std::errc::no_such_file_or_directory) continue;  // it went meanwhile
    if (error) return cannot_read(root_ / path, error);
    return walked_file{.path = std::move(path),
                       .bytes = static_cast<std::int64_t>(bytes),
                       .modified_ms = to_ms(at)};
  }
  return std::nullopt;
}

}  // namespace vinny
