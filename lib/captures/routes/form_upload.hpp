// SPDX-License-Identifier: MIT
//
// A picture in an HTML form's body, as `curl -F file=@picture.jpg` and <input type="file"> send it.
// Pure.
//
// Source: RFC 7578; RFC 2046, section 5.1.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace vinny {

/// Views into the body.
struct form_upload {
  std::string_view file;                       // the one part with a file name, or named "file"
  std::optional<std::string> collection = {};  // the field of that name
};

[[nodiscard]] bool is_form(std::string_view content_type) noexcept;

/// Or what is wrong with it, for people. At most 16 parts, with 8 KiB of fields each.
[[nodiscard]] std::expected<form_upload, std::string> read_form(std::string_view content_type,
                                                                std::string_view body);

}  // namespace vinny
