// SPDX-License-Identifier: MIT
//
// Bytes to and from one connected socket, in the clear or by TLS: what is possible at once, and
// what to wait for otherwise. Waiting, deadlines and what the bytes mean are the caller's.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <string>

namespace vinny {

namespace asio = boost::asio;
/// Of whatever kind: TCP, or a Unix socket.
using stream_socket = asio::generic::stream_protocol::socket;

struct moved {
  enum class outcome {
    some,        // `bytes` were moved, at least one
    wait_read,   // nothing yet: when the socket can be read
    wait_write,  // the same, written
    end,         // the other side has ended in order: a FIN, by TLS a close_notify
    cut,         // by TLS: it ended without a close_notify; nobody knows whether it had more
    failed,
  };
  outcome how = outcome::failed;
  std::size_t bytes = 0;
  int error = 0;                  // errno, when it failed; 0: it was not the socket's
  char const* tls_why = nullptr;  // OpenSSL's reason, when it failed; null: it has none

  /// Why it failed, for people.
  [[nodiscard]] std::string reason() const;
};

class byte_stream {
 public:
  explicit byte_stream(stream_socket socket) : socket_(std::move(socket)) {}
  byte_stream(byte_stream const&) = delete;
  byte_stream& operator=(byte_stream const&) = delete;
  virtual ~byte_stream() = default;

  [[nodiscard]] virtual moved read(char* into, std::size_t most) = 0;
  [[nodiscard]] virtual moved write(char const* from, std::size_t bytes) = 0;
  /// Nothing has come that was not read, in any buffer down to the kernel's, and the other side has
  /// not ended: what comes next is an answer to the next request.
  [[nodiscard]] virtual bool silent() = 0;

  [[nodiscard]] stream_socket& socket() noexcept { return socket_; }
  /// Gives the socket up, for another stream over it.
  [[nodiscard]] stream_socket release() noexcept { return std::move(socket_); }

 private:
  stream_socket socket_;
};

class plain_stream final : public byte_stream {
 public:
  using byte_stream::byte_stream;
  moved read(char* into, std::size_t most) override;
  moved write(char const* from, std::size_t bytes) override;
  bool silent() override;
};

}  // namespace vinny
