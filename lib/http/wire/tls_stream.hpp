// SPDX-License-Identifier: MIT
//
// TLS over a connected socket: at least 1.2, verification always on, sessions resumed. OpenSSL
// checks the certificates; what is told of one that was not accepted is made here.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/failure.hpp"
#include "http/wire/stream.hpp"

namespace vinny {

/// Trusted roots, settings, and the sessions that hosts have given.
class tls_context {
 public:
  /// Throws std::runtime_error when `ca_file` cannot be read.
  explicit tls_context(std::filesystem::path const& ca_file);
  ~tls_context();
  tls_context(tls_context&&) noexcept;
  struct impl;
  [[nodiscard]] impl& get() const noexcept { return *impl_; }

 private:
  std::unique_ptr<impl> impl_;
};

struct tls_session;

class tls_stream final : public byte_stream {
 public:
  /// `host`: whose certificate it must be, a name or an address. The context must outlive it. Fails
  /// with tls_failed and out_of_memory.
  [[nodiscard]] static result<std::unique_ptr<tls_stream>> over(stream_socket socket,
                                                                tls_context& with,
                                                                std::string const& host,
                                                                std::uint16_t port);
  ~tls_stream() override;

  /// A step of the handshake; `some`: it is done.
  [[nodiscard]] moved handshake();
  /// Why the certificate was not accepted, in words; empty: it was, or none came.
  [[nodiscard]] std::string const& refused_certificate() const noexcept;
  /// The handshake took up an earlier session.
  [[nodiscard]] bool resumed() const noexcept;

  moved read(char* into, std::size_t most) override;
  moved write(char const* from, std::size_t bytes) override;
  bool silent() override;

 private:
  tls_stream(stream_socket socket, std::unique_ptr<tls_session> session);
  void begin_step();
  [[nodiscard]] moved outcome_of(int returned) const;

  std::unique_ptr<tls_session> session_;
};

}  // namespace vinny
