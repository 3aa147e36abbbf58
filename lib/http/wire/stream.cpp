// SPDX-License-Identifier: MIT
#include "http/wire/stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace vinny {
namespace {

moved from_errno(moved::outcome again) noexcept {
  bool const wait = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return wait ? moved{.how = again} : moved{.how = moved::outcome::failed, .error = errno};
}

}  // namespace

std::string moved::reason() const {
  if (tls_why != nullptr) return tls_why;
  if (how == outcome::end || how == outcome::cut) return "the other side closed the connection";
  return std::generic_category().message(error);
}

moved plain_stream::read(char* into, std::size_t most) {
  auto const got = ::recv(socket().native_handle(), into, most, MSG_DONTWAIT);
  if (got < 0) return from_errno(moved::outcome::wait_read);
  if (got == 0) return {.how = moved::outcome::end};
  return {.how = moved::outcome::some, .bytes = static_cast<std::size_t>(got)};
}

moved plain_stream::write(char const* from, std::size_t bytes) {
  auto const sent = ::send(socket().native_handle(), from, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return from_errno(moved::outcome::wait_write);
  return {.how = moved::outcome::some, .bytes = static_cast<std::size_t>(sent)};
}

bool plain_stream::silent() {
  char byte = 0;
  auto const got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace vinny
