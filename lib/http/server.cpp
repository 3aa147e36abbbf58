// SPDX-License-Identifier: MIT
#include "http/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>

#include "core/percent.hpp"
#include "core/text.hpp"
#include "http/unix_path.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "task/task_group.hpp"

namespace vinny {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using local = asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds stream_write_timeout{30};
constexpr std::chrono::seconds swallow_time{2};
constexpr std::size_t swallow_bytes = 4 << 20;
constexpr std::uint64_t slowest_bytes_per_second = 1 << 20;

peer peer_of(local::socket& socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  peer out{.tcp = false, .uid = {}};
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
    out.uid = credentials.uid;
  }
  return out;
}
peer peer_of(tcp::socket&) {
  return {.tcp = true, .uid = {}};
}

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> out;
  if (text.empty()) return out;
  for (auto const part : split(text, '&')) {
    auto const equals = part.find('=');
    auto const value =
        equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    out.emplace(percent_decode(part.substr(0, equals)), percent_decode(value));
  }
  return out;
}

server_request request_of(bhttp::request<bhttp::string_body>& message, peer const& from) {
  server_request out;
  out.method = std::string{message.method_string()};
  std::string_view target = message.target();
  auto const mark = target.find('?');
  out.path = percent_decode(target.substr(0, mark));
  if (mark != std::string_view::npos) out.query = query_of(target.substr(mark + 1));
  for (auto const& field : message) {
    out.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  }
  out.body = std::move(message.body());
  out.from = from;
  return out;
}

template <class Stream>
class chunk_writer final : public stream_writer {
 public:
  explicit chunk_writer(Stream& stream) : stream_(stream) {}
  task<bool> write(std::string piece) override {
    stream_.expires_after(stream_write_timeout);
    auto const [error, sent] =
        co_await asio::async_write(stream_, bhttp::make_chunk(asio::buffer(piece)), quiet);
    co_return !error;
  }

 private:
  Stream& stream_;
};

/// The answer to a request that could not even be read; nothing when there is nobody to answer.
int status_of(error_code error) {
  if (error == bhttp::error::body_limit) return 413;
  if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) return 431;
  if (error.category() == make_error_code(bhttp::error::bad_version).category() &&
      error != bhttp::error::end_of_stream && error != bhttp::error::partial_message) {
    return 400;
  }
  return 0;
}

}  // namespace

struct http_server::impl {
  asio::any_io_executor loop;
  server_handler handler;
  server_limits limits;
  std::array<std::size_t, 2> connections{};  // local, TCP: neither can shut out the other
  std::filesystem::path socket_file;
  task_group tasks;  // last: its members use all of the above

  impl(asio::any_io_executor on, server_handler what, server_limits how)
      : loop(std::move(on)), handler(std::move(what)), limits(how), tasks(loop) {}

  template <class Protocol>
  task<> accept(typename Protocol::acceptor acceptor) {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(quiet);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors, most likely: others will end.
        log(log_level::warn, "control", "a connection could not be accepted",
            field("error", error.message()));
        co_await sleep_for(std::chrono::milliseconds{100});
        continue;
      }
      if (connections[std::is_same_v<Protocol, tcp>] >= limits.max_connections) continue;
      tasks.spawn("control connection", serve<Protocol>(std::move(socket)));
    }
  }

  template <class Protocol>
  task<> serve(typename Protocol::socket socket) {
    struct counted {
      std::size_t& count;
      explicit counted(std::size_t& c) : count(c) { ++count; }
      counted(counted const&) = delete;
      counted& operator=(counted const&) = delete;
      ~counted() { --count; }
    };
    counted const mark{connections[std::is_same_v<Protocol, tcp>]};
    auto const from = peer_of(socket);
    beast::basic_stream<Protocol> stream{std::move(socket)};
    beast::flat_buffer buffer{limits.max_head_bytes + limits.max_body_bytes};
    for (bool first = true;; first = false) {
      bhttp::request_parser<bhttp::string_body> parser;
      parser.header_limit(limits.max_head_bytes);
      parser.body_limit(boost::none);  // until the head has told how much it may be
      stream.expires_after(first ? limits.head_timeout : limits.idle_timeout);
      auto [error, got] = co_await bhttp::async_read_header(stream, buffer, parser, quiet);
      if (!error) {
        auto const most = largest_body(parser.get(), from);
        parser.body_limit(most);
        stream.expires_after(limits.body_timeout +
                             std::chrono::seconds{most / slowest_bytes_per_second});
        if (parser.content_length().value_or(0) > most) {
          error = bhttp::error::body_limit;
        } else {
          std::tie(error, got) = co_await bhttp::async_read(stream, buffer, parser, quiet);
        }
      }
      if (error) {
        if (int const status = status_of(error)) co_await refuse(stream, status);
        break;
      }
      stream.expires_never();
      bool const keep = parser.keep_alive();
      auto message = parser.release();
      bool const head = message.method() == bhttp::verb::head;
      auto answer = co_await handler(request_of(message, from));
      if (!co_await respond(stream, std::move(answer), keep, head) || !keep) break;
    }
    error_code ignored;
    stream.socket().shutdown(Protocol::socket::shutdown_send, ignored);
  }

  std::uint64_t largest_body(bhttp::request<bhttp::string_body>& message, peer const& from) {
    if (!limits.larger_body) return limits.max_body_bytes;
    return std::max(limits.max_body_bytes, limits.larger_body(request_of(message, from)));
  }

  template <class Stream>
  task<> refuse(Stream& stream, int status) {
    server_response answer{.status = status};
    answer.headers.emplace_back("Content-Type", "application/problem+json");
    answer.body =
        fmt::format(R"({{"type":"urn:vinny:problem:{}","title":"{}","status":{}}})",
                    status == 413 ? "body_too_large" : "bad_request",
                    status == 413 ? "the body is too large" : "the request cannot be read", status);
    if (!co_await respond(stream, std::move(answer), false, false)) co_return;
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    co_await swallow(stream);
  }

  /// Reads on for a while: a client that is still sending would otherwise be cut off before it can
  /// read the answer.
  template <class Stream>
  task<> swallow(Stream& stream) {
    std::array<char, 16 * 1024> sink;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    stream.expires_after(swallow_time);
    for (std::size_t total = 0; total < swallow_bytes;) {
      auto const [error, got] = co_await stream.async_read_some(asio::buffer(sink), quiet);
      if (error) co_return;
      total += got;
    }
  }

  template <class Stream>
  task<bool> respond(Stream& stream, server_response answer, bool keep, bool head) {
    stream.expires_after(stream_write_timeout);
    if (answer.stream && !head) co_return co_await respond_stream(stream, std::move(answer));
    bhttp::response<bhttp::string_body> message;
    message.version(11);
    message.result(static_cast<unsigned>(answer.status));
    for (auto const& [name, value] : answer.headers) message.insert(name, value);
    message.body() = std::move(answer.body);
    message.keep_alive(keep);
    message.prepare_payload();
    if (head) message.body().clear();
    auto const [error, sent] = co_await bhttp::async_write(stream, message, quiet);
    co_return !error;
  }

  template <class Stream>
  task<bool> respond_stream(Stream& stream, server_response answer) {
    bhttp::response<bhttp::empty_body> message;
    message.version(11);
    message.result(static_cast<unsigned>(answer.status));
    for (auto const& [name, value] : answer.headers) message.insert(name, value);
    message.chunked(true);
    message.keep_alive(false);
    bhttp::response_serializer<bhttp::empty_body> serializer{message};
    auto [error, sent] = co_await bhttp::async_write_header(stream, serializer, quiet);
    if (error) co_return false;
    chunk_writer<Stream> writer{stream};
    co_await answer.stream(writer);
    stream.expires_after(stream_write_timeout);
    std::tie(error, sent) = co_await asio::async_write(stream, bhttp::make_chunk_last(), quiet);
    co_return false;
  }
};

http_server::http_server(asio::any_io_executor loop, server_handler handler, server_limits limits)
    : impl_(std::make_unique<impl>(std::move(loop), std::move(handler), limits)) {}
http_server::~http_server() = default;

result<> http_server::listen_unix(std::filesystem::path const& path) {
  unix_path const shortened{path};
  local::endpoint const endpoint{shortened.str()};
  error_code error;
  std::error_code unknown;
  auto const there = std::filesystem::symlink_status(path, unknown);
  if (std::filesystem::exists(there)) {
    if (!std::filesystem::is_socket(there)) {
      return fail(errc::config_invalid,
                  fmt::format("control.socket '{}': there is a file that is no socket; name "
                              "another place",
                              path.string()));
    }
    local::socket probe{impl_->loop};
    probe.connect(endpoint, error);
    if (!error) {
      return fail(errc::catalog_locked,
                  fmt::format("{}: another daemon answers there", path.string()));
    }
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    error.clear();
  }
  local::acceptor acceptor{impl_->loop};
  acceptor.open(endpoint.protocol(), error);
  // Created closed to others, then opened to the group.
  auto const mask = ::umask(0117);
  if (!error) acceptor.bind(endpoint, error);
  ::umask(mask);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(from_errno(error.value()),
                fmt::format("control.socket '{}': {}", path.string(), error.message()));
  }
  impl_->socket_file = path;
  impl_->tasks.spawn("control socket", impl_->accept<local>(std::move(acceptor)));
  return {};
}

result<std::uint16_t> http_server::listen_tcp(std::string const& address, std::uint16_t port) {
  error_code error;
  auto const ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) return fail(errc::config_invalid, fmt::format("'{}' is not an address", address));
  tcp::acceptor acceptor{impl_->loop};
  acceptor.open(ip.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) acceptor.bind({ip, port}, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(from_errno(error.value()),
                fmt::format("control.listen '{}:{}': {}", address, port, error.message()));
  }
  auto const chosen = acceptor.local_endpoint().port();
  impl_->tasks.spawn("control port", impl_->accept<tcp>(std::move(acceptor)));
  return chosen;
}

task<> http_server::stop() {
  impl_->tasks.cancel();
  co_await impl_->tasks.join();
  std::error_code ignored;
  if (!impl_->socket_file.empty()) std::filesystem::remove(impl_->socket_file, ignored);
}

}  // namespace vinny
