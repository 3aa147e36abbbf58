// SPDX-License-Identifier: MIT
//
// What the daemon and its image decoder say to each other over a socket: frames of a head and a
// body. Both ends are the same program, but the decoder has seen hostile bytes: whatever it answers
// is checked like any input. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.hpp"

namespace vinny {

/// What is to be made of the bytes that follow.
struct render_order {
  image_limits limits;
  render_profile profile;
  std::vector<rendition_spec> specs;
};

struct rendered_image {
  image_info source;
  std::vector<rendered> made;  // in the order of the specs
};

/// Every frame begins with so many bytes: the lengths of its head and its body.
inline constexpr std::size_t frame_prefix_bytes = 12;
inline constexpr std::uint32_t most_head_bytes = 16 * 1024;

struct frame_prefix {
  std::uint32_t head = 0;
  std::uint64_t body = 0;
};
[[nodiscard]] std::string pack(frame_prefix const& what);
/// Of frame_prefix_bytes. Fails with bad_response when the head is too long.
[[nodiscard]] result<frame_prefix> read_prefix(std::string_view bytes);

/// The heads. Reading fails with bad_response when it is not one.
[[nodiscard]] std::string pack(render_order const& order);
[[nodiscard]] result<render_order> read_order(std::string_view head);
/// Of an answer: the failure, or what was made; the JPEGs, one after another, are the body.
[[nodiscard]] std::string pack(result<rendered_image> const& answer);
[[nodiscard]] result<rendered_image> read_answer(std::string_view head, std::string_view body,
                                                 render_order const& asked);

}  // namespace vinny
