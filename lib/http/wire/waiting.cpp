// SPDX-License-Identifier: MIT
#include "http/wire/waiting.hpp"

#include <cerrno>

namespace vinny {
namespace {

// Whoever sends without a pause must not keep the loop to himself: others run after so many bytes.
constexpr std::size_t share_after = 512 * 1024;

}  // namespace

waiting_stream::waiting_stream(std::unique_ptr<byte_stream> stream)
    : stream_(std::move(stream)),
      guard_(stream_->socket().get_executor(), [socket = &stream_->socket()] {
        boost::system::error_code ignored;
        socket->cancel(ignored);
      }) {}

moved waiting_stream::cancelled() noexcept {
  return {.how = moved::outcome::failed, .error = ECANCELED};
}

task<bool> waiting_stream::ready(moved::outcome direction) {
  in_a_row_ = 0;
  auto& socket = stream_->socket();
  auto const [error] = co_await socket.async_wait(
      direction == moved::outcome::wait_read ? stream_socket::wait_read : stream_socket::wait_write,
      as_values);
  co_return !error && !expired();
}

task<moved> waiting_stream::read(char* into, std::size_t most) {
  for (;;) {
    auto const got = stream_->read(into, most);
    if (!waits(got)) {
      in_a_row_ += got.bytes;
      if (in_a_row_ >= share_after) {
        in_a_row_ = 0;
        co_await yield();
      }
      co_return expired() ? cancelled() : got;
    }
    if (!co_await ready(got.how)) co_return cancelled();
  }
}

task<moved> waiting_stream::write(std::string_view bytes) {
  moved sent{.how = moved::outcome::some};
  while (!bytes.empty()) {
    sent = stream_->write(bytes.data(), bytes.size());
    if (waits(sent)) {
      if (!co_await ready(sent.how)) co_return cancelled();
      continue;
    }
    if (sent.how != moved::outcome::some) co_return sent;
    bytes.remove_prefix(sent.bytes);
    in_a_row_ += sent.bytes;
    if (in_a_row_ >= share_after) {
      in_a_row_ = 0;
      co_await yield();
    }
    if (expired()) co_return cancelled();
  }
  co_return sent;
}

}  // namespace vinny
