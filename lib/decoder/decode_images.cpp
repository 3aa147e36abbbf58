// SPDX-License-Identifier: MIT
#include "decoder/decode_images.hpp"

#include <unistd.h>

#include <cerrno>
#include <new>
#include <optional>
#include <span>
#include <string>

#include "core/process_limits.hpp"
#include "decoder/frame.hpp"
#include "decoder/sandbox.hpp"

namespace vinny {
namespace {

constexpr int channel = STDIN_FILENO;
constexpr int exit_not_confined = 3;
constexpr std::uint64_t most_body_bytes = decoder_memory_bytes / 2;

bool read_all(std::span<char> into) {
  while (!into.empty()) {
    auto const got = ::read(channel, into.data(), into.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool write_all(std::string_view from) {
  while (!from.empty()) {
    auto const sent = ::write(channel, from.data(), from.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

failure no_memory() {
  return {errc::image_too_large, "the image needs more memory to decode than a decoder has"};
}

result<rendered_image> carry_out(render_order const& order, std::string_view bytes) {
  try {
    auto const info = inspect(bytes, order.limits);
    if (!info) return std::unexpected(info.error());
    auto made = render(bytes, *info, order.profile, order.specs);
    if (!made && made.error().code == errc::io_error) return std::unexpected(no_memory());
    if (!made) return std::unexpected(std::move(made.error()));
    return rendered_image{.source = *info, .made = std::move(*made)};
  } catch (std::bad_alloc const&) {
    return std::unexpected(no_memory());
  }
}

bool answer(result<rendered_image> const& outcome) {
  auto const head = pack(outcome);
  frame_prefix prefix{.head = static_cast<std::uint32_t>(head.size())};
  if (outcome) {
    for (auto const& one : outcome->made) prefix.body += one.bytes.size();
  }
  if (!write_all(pack(prefix)) || !write_all(head)) return false;
  if (!outcome) return true;
  for (auto const& one : outcome->made) {
    if (!write_all(one.bytes)) return false;
  }
  return true;
}

/// Nothing: the other end has closed, or does not speak our language.
std::optional<result<rendered_image>> next() {
  std::string bytes(frame_prefix_bytes, '\0');
  if (!read_all(bytes)) return std::nullopt;
  auto const prefix = read_prefix(bytes);
  if (!prefix || prefix->body > most_body_bytes) return std::nullopt;
  std::string head(prefix->head, '\0');
  if (!read_all(head)) return std::nullopt;
  auto const order = read_order(head);
  if (!order) return std::nullopt;
  bytes.resize(prefix->body);
  if (!read_all(bytes)) return std::nullopt;
  return carry_out(*order, bytes);
}

}  // namespace

int decode_images() {
  set_process_limits();
  keep_large_buffers();
  if (auto const confined = confine(); !confined) {
    static_cast<void>(write_all(confined.error().message));
    return exit_not_confined;
  }
  if (!write_all({&decoder_greeting, 1})) return 0;
  while (auto const outcome = next()) {
    if (!answer(*outcome)) break;
  }
  return 0;
}

}  // namespace vinny
