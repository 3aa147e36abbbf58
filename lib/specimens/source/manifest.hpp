// SPDX-License-Identifier: MIT
//
// IIIF documents that name an image: a Presentation manifest (2 and 3) or an Image API description
// (info.json). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

/// Addresses of the first picture that the document shows, the largest first: what its image
/// service gives, and the picture's own address. Errors: bad_json; not_found when it shows none.
[[nodiscard]] result<std::vector<std::string>> images_of_manifest(std::string_view document);

/// Requests for the whole image of a service, the largest first. `version` is 2 or 3.
[[nodiscard]] std::vector<std::string> requests_of_service(std::string base, int version);

}  // namespace vinny
