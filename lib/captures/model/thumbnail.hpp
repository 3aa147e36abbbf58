// SPDX-License-Identifier: MIT
//
// Whether a recorded thumbnail may be shown, and what it is called. Used by the lists and by the
// route alike. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "captures/model/capture.hpp"
#include "captures/model/capture_settings.hpp"
#include "config/config.hpp"

namespace vinny {

/// It is not when it was never finished, is of another width than the one that is configured, or
/// when its source has changed since it was read. Without both times there is no sign of a change.
[[nodiscard]] bool is_valid(thumbnail const& made, thumbnail_size const& wanted,
                            std::optional<std::int64_t> source_ms) noexcept;

/// How long browsers may keep the way to a thumbnail; a former one is not removed before that.
inline constexpr std::chrono::seconds redirect_lifetime{300};

inline constexpr std::string_view thumbnail_folder = "thumbnails/";

/// "thumbnails/capture_12/small-6f1c09d2a4be-4f1d2a7c90.jpg": with the source's version, and a tail
/// that no other attempt has, so that no key ever holds anything else.
[[nodiscard]] std::string thumbnail_key(capture const& of, std::string_view label,
                                        std::string_view tail);
/// The capture's id and the tail; nothing: no thumbnail of ours has such a key.
struct thumbnail_name {
  std::int64_t capture = 0;
  std::string_view tail;
};
[[nodiscard]] std::optional<thumbnail_name> read_thumbnail_key(std::string_view key) noexcept;

/// "/v1/captures/thumbnails/12?label=small"
[[nodiscard]] std::string thumbnail_route(std::int64_t capture, std::string_view label);

}  // namespace vinny
