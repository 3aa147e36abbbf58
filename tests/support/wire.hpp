// SPDX-License-Identifier: MIT
//
// One accepted connection of a test's server, plain or TLS, read and written by blocking calls.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

namespace vinny::test {

/// A moment on the kernel's wall clock.
using arrival = std::chrono::sys_time<std::chrono::nanoseconds>;

class wire {
 public:
  wire(int fd, SSL_CTX* context) : fd_(fd) {
    if (context == nullptr) return;
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), fd);
    broken_ = SSL_accept(ssl_.get()) != 1;
  }
  wire(wire const&) = delete;
  wire& operator=(wire const&) = delete;
  ~wire() { ::close(fd_); }

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool resumed() const noexcept {
    return ssl_ && SSL_session_reused(ssl_.get()) == 1;
  }
  /// True after an end or an error, of either side.
  [[nodiscard]] bool over() const noexcept { return broken_; }
  /// From any thread: ends all waiting on this connection.
  void abort() const noexcept { ::shutdown(fd_, SHUT_RDWR); }

  /// Appends what comes next; false at the end.
  bool read(std::string& to, arrival& at) {
    if (broken_) return false;
    std::array<char, 16384> chunk{};
    auto const got = ssl_ ? SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()))
                          : receive(chunk, at);
    if (ssl_) at = std::chrono::system_clock::now();
    if (got <= 0) return false;
    to.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }
  void write(std::string_view bytes) {
    while (!broken_ && !bytes.empty()) {
      auto const sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                             : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        broken_ = true;
      } else {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
  }
  void wait_for_close() {
    std::string ignored;
    arrival at{};
    while (read(ignored, at)) {
    }
    broken_ = true;
  }
  void finish(bool hard) {
    broken_ = true;
    if (hard) {
      linger const now{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else {
      if (ssl_) SSL_shutdown(ssl_.get());
      ::shutdown(fd_, SHUT_RDWR);
    }
  }

 private:
  // The kernel's own time of arrival: a thread that wakes up late would measure gaps that are
  // shorter or longer than what was on the wire.
  ssize_t receive(std::array<char, 16384>& chunk, arrival& at) const {
    iovec part{.iov_base = chunk.data(), .iov_len = chunk.size()};
    alignas(cmsghdr) std::array<char, 128> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto const got = ::recvmsg(fd_, &message, 0);
    at = std::chrono::system_clock::now();
    for (auto* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(head), sizeof stamp);
      at = arrival{std::chrono::seconds{stamp.tv_sec} + std::chrono::nanoseconds{stamp.tv_nsec}};
    }
    return got;
  }

  int fd_;
  std::unique_ptr<SSL, decltype([](SSL* s) { SSL_free(s); })> ssl_;
  bool broken_ = false;
};

}  // namespace vinny::test
