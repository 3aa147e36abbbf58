// SPDX-License-Identifier: MIT
//
// Members of a ZIP archive as byte sources (APPNOTE 6.3: ZIP64, data descriptors; by libzip).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "blob/byte_source.hpp"

namespace vinny {

class zip_archive {
 public:
  /// Errors: not_found, permission_denied, bad_archive.
  [[nodiscard]] static result<std::shared_ptr<zip_archive>> open(std::filesystem::path const& file);
  virtual ~zip_archive() = default;

  /// In the order of the archive; at most 10,000.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  /// The member is unpacked as it is read; its checksum is checked at the end. Errors: not_found,
  /// bad_archive for an encrypted one or an unknown method. One member is read at a time.
  [[nodiscard]] virtual result<std::unique_ptr<byte_source>> member(std::string const& name) = 0;

 protected:
  zip_archive() = default;
  zip_archive(zip_archive const&) = default;
  zip_archive& operator=(zip_archive const&) = default;
};

}  // namespace vinny
