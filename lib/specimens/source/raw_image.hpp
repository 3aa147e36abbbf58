// SPDX-License-Identifier: MIT
//
// What is an image by its name or type and is none that is decoded here (camera raws, DNG, TIFF,
// GIF …): such bytes are kept as they came. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vinny {

/// True when the first bytes are those of a page, of XML or of JSON, whatever the type says.
[[nodiscard]] bool looks_like_text(std::string_view bytes);

/// The extension to keep bytes under; nothing: it is no image. `content_type` as the answer has it.
[[nodiscard]] std::optional<std::string> raw_extension(std::string_view bytes,
                                                       std::string_view content_type,
                                                       std::string_view path);

/// What a person would read on a page: without tags, scripts and styles, in one line.
[[nodiscard]] std::string page_text(std::string_view html);

}  // namespace vinny
