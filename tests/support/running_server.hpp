// SPDX-License-Identifier: MIT
//
// http_server on a loop and a thread of its own, and a client that says exactly what it is told.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>

#include "http/server.hpp"
#include "http/unix_path.hpp"

namespace vinny::test {

class running_server {
 public:
  explicit running_server(server_handler handler, server_limits limits = {})
      : http(loop_.get_executor(), std::move(handler), limits) {}
  running_server(running_server const&) = delete;
  running_server& operator=(running_server const&) = delete;
  ~running_server() { stop(); }

  /// After listen_…: runs the loop.
  void start() {
    if (!thread_.joinable()) thread_ = std::jthread{[this] { loop_.run(); }};
  }
  void stop() {
    if (stopped_) return;
    stopped_ = true;
    start();
    asio::co_spawn(loop_, http.stop(), asio::use_future).get();
    work_.reset();
    thread_.join();
  }

 private:
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};

 public:
  http_server http;

 private:
  bool stopped_ = false;
  std::jthread thread_;
};

/// On a port of 127.0.0.1, running.
class tcp_server : public running_server {
 public:
  explicit tcp_server(server_handler handler, server_limits limits = {})
      : running_server(std::move(handler), limits), port(http.listen_tcp("127.0.0.1", 0).value()) {
    start();
  }
  std::uint16_t const port;
};

/// A blocking client; gives up after 5 s.
class raw_client {
 public:
  struct reply {
    int status = 0;  // 0: none came
    std::string head{};
    std::string body{};
    std::size_t length = 0;
  };

  explicit raw_client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(place);
  }
  explicit raw_client(std::filesystem::path const& path)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    unix_path const shortened{path};
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    shortened.str().copy(place.sun_path, sizeof place.sun_path - 1);
    connect(place);
  }
  raw_client(raw_client const&) = delete;
  raw_client& operator=(raw_client const&) = delete;
  ~raw_client() { ::close(fd_); }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // it has closed: what it said is still to be read
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Says that nothing more will be sent.
  void finish() { ::shutdown(fd_, SHUT_WR); }
  reply read_head() {
    reply out;
    std::size_t end = std::string::npos;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!more(std::chrono::seconds{5})) return out;
    }
    out.head = pending_.substr(0, end + 4);
    pending_.erase(0, end + 4);
    out.status = std::stoi(out.head.substr(out.head.find(' ') + 1));
    auto const length = out.head.find("Content-Length: ");
    if (length != std::string::npos) out.length = std::stoul(out.head.substr(length + 16));
    return out;
  }
  reply read_answer() {
    auto out = read_head();
    while (pending_.size() < out.length && more(std::chrono::seconds{5})) {
    }
    out.body = pending_.substr(0, out.length);
    pending_.erase(0, out.length);
    return out;
  }
  std::string read_to_end() {
    while (more(std::chrono::seconds{5})) {
    }
    return std::exchange(pending_, {});
  }
  /// True when the other end closes in that time; what it says meanwhile is kept.
  bool closed_within(std::chrono::milliseconds span) {
    auto const limit = std::chrono::steady_clock::now() + span;
    while (!over_ && std::chrono::steady_clock::now() < limit) {
      more(std::chrono::ceil<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now()));
    }
    return over_;
  }

 private:
  template <class Address>
  void connect(Address const& place) {
    if (::connect(fd_, reinterpret_cast<sockaddr const*>(&place), sizeof place) == 0) return;
    ::close(fd_);
    throw std::runtime_error{"cannot connect"};
  }
  bool more(std::chrono::milliseconds patience) {
    pollfd one{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&one, 1, static_cast<int>(patience.count())) <= 0) return false;
    char chunk[16384];
    auto const got = ::recv(fd_, chunk, sizeof chunk, 0);
    over_ = got <= 0;
    if (!over_) pending_.append(chunk, static_cast<std::size_t>(got));
    return !over_;
  }

  int fd_;
  bool over_ = false;
  std::string pending_;
};

}  // namespace vinny::test
