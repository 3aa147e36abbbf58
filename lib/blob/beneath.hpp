// SPDX-License-Identifier: MIT
//
// Files and folders below a root, opened without following symbolic links or leaving it. Private to
// blob/file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "blob/file.hpp"

namespace vinny {

/// The failure of a system call, with the path.
[[nodiscard]] std::unexpected<failure> file_error(int error, std::filesystem::path const& path);

/// As open(2), below `root`, a folder's descriptor.
[[nodiscard]] file_handle open_beneath(int root, char const* relative, int flags,
                                       unsigned mode = 0);
/// A path that stays below its root by its own text.
[[nodiscard]] bool is_safe(std::string_view relative) noexcept;

using grown_folders = std::map<std::string, file_handle>;  // by their paths below the root

/// Opens the folder that a path lies in, making what is missing; each step stays below the root.
/// `grown`: folders that have a new one in them, to be synced.
[[nodiscard]] result<file_handle> open_folder(std::filesystem::path const& root,
                                              std::string_view relative, grown_folders& grown);
/// The same for one folder alone.
[[nodiscard]] result<file_handle> open_folder(std::filesystem::path const& root,
                                              std::string_view relative);

/// "a/b/c.jpg": "a/b/" and "c.jpg".
[[nodiscard]] std::string_view folder_of(std::string_view relative);
[[nodiscard]] std::string name_of(std::string_view relative);

[[nodiscard]] result<> write_all(int fd, std::string_view bytes, std::filesystem::path const& path);

}  // namespace vinny
