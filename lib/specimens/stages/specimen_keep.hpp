// SPDX-License-Identifier: MIT
//
// From a body to the file that is kept of a specimen's image: verified, made small, written.
// Blocking and decoding: on the cpu pool.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blob/received_body.hpp"
#include "config/config.hpp"
#include "image/image.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/tables/specimen_work.hpp"

namespace vinny {

struct received_image {
  std::shared_ptr<received_body> body;  // closed
  std::string content_type;
  std::string path;            // of its URL
  std::string corrupt_sha256;  // of the attempt before
};

struct kept_image {
  specimen_file file;
  file_draft draft;  // to be published
};
/// Drafts what is to be kept and says what it is. Errors: those of inspect(), verify() and writing;
/// short_body for too few bytes, image_corrupt_again for the same damaged bytes as before. Of a
/// page that came instead, the failure's evidence is its text; of a damaged image, its SHA-256.
[[nodiscard]] result<kept_image> keep_image(file_root const& files, specimen_image_id id,
                                            received_image const& got, specimens_config const& how,
                                            image_limits const& limits);

/// Sets `on_disk` of each: whether find_kept() is worth a look.
void mark_kept(file_root const& files, std::vector<specimen_job>& jobs);

/// The file that is there already, when it is whole, as keep_image() would have made it, and no
/// older than `not_before`.
[[nodiscard]] std::optional<specimen_file> find_kept(file_root const& files, specimen_image_id id,
                                                     specimens_config const& how,
                                                     image_limits const& limits,
                                                     std::filesystem::file_time_type not_before);

}  // namespace vinny
