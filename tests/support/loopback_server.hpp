// SPDX-License-Identifier: MIT
//
// A scripted HTTP server for the wire tests. A script answers each request with raw bytes, pauses
// and abrupt ends; what arrived is kept, with the time at which the kernel had it. Written on plain
// sockets and threads: it shares no code with what it tests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "support/wire.hpp"

namespace vinny::test {

struct seen_request {
  std::string method{};
  std::string target{};
  header_list headers{};
  std::string body{};
  arrival at{};                // when its first bytes were here
  std::size_t connection = 0;  // counted from 0 over the server's life
  std::size_t number = 0;      // counted from 0 on its connection

  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    return find_header(headers, name);
  }
};

/// Certificate chain and key, both PEM.
struct tls_identity {
  std::string chain{};
  std::string key{};
  int max_version = 0;  // TLS1_1_VERSION ...; 0: the newest
};

/// "HTTP/1.1 200 …" with a Content-Length.
[[nodiscard]] inline std::string answer(int status, std::string_view body = {},
                                        header_list const& more = {}) {
  auto out = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (auto const& [name, value] : more) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

class loopback_server {
 public:
  /// One request in the hands of the script.
  class visit {
   public:
    visit(loopback_server& owner, wire& link, seen_request const& asked)
        : request(asked), owner_(owner), link_(link) {}
    void send(std::string_view bytes) { link_.write(bytes); }
    /// False: the server is being stopped.
    bool pause(std::chrono::milliseconds span) {
      std::unique_lock lock{owner_.mutex_};
      return !owner_.changed_.wait_for(lock, span, [&] { return owner_.stopping_; });
    }
    /// Waits until the other end has closed, or the server stops.
    void wait_for_close() { link_.wait_for_close(); }
    /// As a proxy that was asked for a tunnel: bytes to and from a port of this machine, until
    /// either end closes.
    void tunnel_to(std::uint16_t port) {
      int const there = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in place{};
      place.sin_family = AF_INET;
      place.sin_port = htons(port);
      place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      auto const* const any = reinterpret_cast<sockaddr const*>(&place);
      bool open = ::connect(there, any, sizeof place) == 0;
      std::array<pollfd, 2> ends{pollfd{link_.fd(), POLLIN, 0}, pollfd{there, POLLIN, 0}};
      std::array<char, 16384> bytes{};
      while (open && ::poll(ends.data(), ends.size(), -1) > 0) {
        for (std::size_t i = 0; i < ends.size() && open; ++i) {
          if (ends[i].revents == 0) continue;
          auto const got = ::recv(ends[i].fd, bytes.data(), bytes.size(), 0);
          open = got > 0 && ::send(ends[1 - i].fd, bytes.data(), static_cast<std::size_t>(got),
                                   MSG_NOSIGNAL) == got;
        }
      }
      ::close(there);
      close();
    }
    void half_close() { ::shutdown(link_.fd(), SHUT_WR); }
    void close() { link_.finish(false); }
    void reset() { link_.finish(true); }

    seen_request const& request;

   private:
    loopback_server& owner_;
    wire& link_;
  };

  using script = std::function<void(visit&)>;

  /// The same bytes for each request, and then the end.
  static script saying(std::string reply) {
    return [reply = std::move(reply)](visit& asked) {
      asked.send(reply);
      asked.half_close();
      asked.wait_for_close();
    };
  }

  /// Listens on each of the addresses, on one port; addresses that this machine does not have are
  /// left out, except the first. `port` 0 picks one.
  explicit loopback_server(script how, std::optional<tls_identity> identity = {},
                           std::vector<std::string> const& addresses = {"127.0.0.1"},
                           std::uint16_t port = 0)
      : script_(std::move(how)), port_(port) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2)
    if (identity) make_context(*identity);
    for (auto const& address : addresses) {
      int const fd = listen_on(address);
      if (fd < 0 && listeners_.empty()) throw std::runtime_error{"cannot listen on " + address};
      if (fd >= 0) listeners_.push_back(fd);
    }
    for (int const fd : listeners_) acceptors_.emplace_back([this, fd] { accept(fd); });
  }
  loopback_server(loopback_server const&) = delete;
  loopback_server& operator=(loopback_server const&) = delete;
  ~loopback_server() {
    {
      std::scoped_lock const lock{mutex_};
      stopping_ = true;
      for (auto const& link : links_) link->abort();
    }
    changed_.notify_all();
    for (int const fd : listeners_) ::shutdown(fd, SHUT_RDWR);
    acceptors_.clear();
    servants_.clear();
    for (int const fd : listeners_) ::close(fd);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// "127.0.0.1:port": what connect_to wants.
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::size_t listeners() const noexcept { return listeners_.size(); }
  /// Connections the kernel completed, whether or not anything was asked on them.
  [[nodiscard]] std::size_t connections() const noexcept { return connections_; }
  /// TLS connections that took up an earlier session.
  [[nodiscard]] std::size_t resumed() const noexcept { return resumed_; }
  [[nodiscard]] std::vector<seen_request> seen() const {
    std::scoped_lock const lock{mutex_};
    return seen_;
  }
  [[nodiscard]] std::size_t count(std::string_view target) const {
    std::scoped_lock const lock{mutex_};
    std::size_t out = 0;
    for (auto const& one : seen_) out += one.target == target ? 1 : 0;
    return out;
  }

 private:
  void make_context(tls_identity const& identity) {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_session_id_context(context_.get(), reinterpret_cast<unsigned char const*>("t"), 1);
    if (identity.max_version != 0) {
      SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context_.get(), identity.max_version);
      SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    }
    auto const load = [](std::string const& text, auto read, auto use) {
      std::unique_ptr<BIO, decltype([](BIO* b) { BIO_free(b); })> const bio{
          BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
      auto* const made = read(bio.get(), nullptr, nullptr, nullptr);
      bool const fine = made != nullptr && use(made);
      if (!fine) throw std::runtime_error{"the server's certificate or key does not fit"};
    };
    load(identity.chain, PEM_read_bio_X509, [this](X509* made) {
      bool const used = SSL_CTX_use_certificate(context_.get(), made) == 1;
      X509_free(made);
      return used;
    });
    load(identity.key, PEM_read_bio_PrivateKey, [this](EVP_PKEY* made) {
      bool const used = SSL_CTX_use_PrivateKey(context_.get(), made) == 1;
      EVP_PKEY_free(made);
      return used;
    });
  }

  int listen_on(std::string const& address) {
    bool const six = address.find(':') != std::string::npos;
    int const fd = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);  // accepted sockets inherit it
    sockaddr_storage place{};
    socklen_t size = 0;
    if (six) {
      ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
      auto* const in = reinterpret_cast<sockaddr_in6*>(&place);
      in->sin6_family = AF_INET6;
      in->sin6_port = htons(port_);
      ::inet_pton(AF_INET6, address.c_str(), &in->sin6_addr);
      size = sizeof(sockaddr_in6);
    } else {
      auto* const in = reinterpret_cast<sockaddr_in*>(&place);
      in->sin_family = AF_INET;
      in->sin_port = htons(port_);
      ::inet_pton(AF_INET, address.c_str(), &in->sin_addr);
      size = sizeof(sockaddr_in);
    }
    auto* const any = reinterpret_cast<sockaddr*>(&place);
    if (::bind(fd, any, size) != 0 || ::listen(fd, 512) != 0 ||
        ::getsockname(fd, any, &size) != 0) {
      ::close(fd);
      return -1;
    }
    port_ = ntohs(six ? reinterpret_cast<sockaddr_in6*>(&place)->sin6_port
                      : reinterpret_cast<sockaddr_in*>(&place)->sin_port);
    return fd;
  }

  void accept(int listener) {
    for (;;) {
      int const fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      std::scoped_lock const lock{mutex_};
      if (fd < 0 || stopping_) {
        if (fd >= 0) ::close(fd);
        if (stopping_ || errno != ECONNABORTED) return;
        continue;
      }
      servants_.emplace_back([this, fd, number = connections_++] { serve(fd, number); });
    }
  }

  void serve(int fd, std::size_t connection) {
    auto const link = std::make_shared<wire>(fd, context_.get());
    if (link->resumed()) ++resumed_;
    {
      std::scoped_lock const lock{mutex_};
      if (stopping_) return;
      links_.push_back(link);
    }
    std::string pending;
    for (std::size_t number = 0; !link->over(); ++number) {
      seen_request asked{.connection = connection, .number = number};
      if (!read_request(*link, pending, asked)) break;
      {
        std::scoped_lock const lock{mutex_};
        seen_.push_back(asked);
      }
      visit now{*this, *link, asked};
      script_(now);
    }
    std::scoped_lock const lock{mutex_};
    links_.remove(link);
  }

  static bool read_request(wire& link, std::string& pending, seen_request& out) {
    std::size_t end = std::string::npos;
    arrival ignored{};
    while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
      if (!link.read(pending, pending.empty() ? out.at : ignored)) return false;
    }
    std::string_view head{pending.data(), end};
    auto const line = head.substr(0, head.find("\r\n"));
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    out.method = line.substr(0, first);
    out.target = line.substr(first + 1, last - first - 1);
    head.remove_prefix(line.size());
    while (head.starts_with("\r\n")) {
      head.remove_prefix(2);
      auto const field = head.substr(0, head.find("\r\n"));
      auto const colon = field.find(": ");
      if (colon == std::string_view::npos) return false;
      out.headers.emplace_back(field.substr(0, colon), field.substr(colon + 2));
      head.remove_prefix(field.size());
    }
    auto const length = out.header("Content-Length");
    auto const bytes = length.empty() ? 0 : std::stoul(std::string{length});
    while (pending.size() < end + 4 + bytes) {
      if (!link.read(pending, ignored)) return false;
    }
    out.body = pending.substr(end + 4, bytes);
    pending.erase(0, end + 4 + bytes);
    return true;
  }

  script script_;
  std::uint16_t port_;
  std::unique_ptr<SSL_CTX, decltype([](SSL_CTX* c) { SSL_CTX_free(c); })> context_;
  std::vector<int> listeners_;
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<std::size_t> resumed_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<seen_request> seen_;
  std::list<std::shared_ptr<wire>> links_;
  std::list<std::jthread> servants_;
  std::vector<std::jthread> acceptors_;
};

}  // namespace vinny::test
