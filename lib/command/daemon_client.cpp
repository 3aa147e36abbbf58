// SPDX-License-Identifier: MIT
#include "command/daemon_client.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <thread>

#include "command/output.hpp"
#include "control/socket_path.hpp"
#include "http/server.hpp"
#include "http/unix_path.hpp"

namespace vinny {
namespace {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
using local = asio::local::stream_protocol;
using boost::system::error_code;

std::unexpected<failure> lost(std::filesystem::path const& socket, error_code error) {
  return fail(errc::connection_lost,
              fmt::format("{}: the daemon does not answer ({})", socket.string(), error.message()));
}

/// Connects and sends one request.
result<> send(local::socket& stream, std::filesystem::path const& socket, std::string const& method,
              std::string const& path, std::string const& body, std::string const& content_type) {
  unix_path const shortened{socket};
  error_code error;
  stream.connect(local::endpoint{shortened.str()}, error);
  if (error == boost::system::errc::permission_denied) {
    return fail(errc::permission_denied,
                fmt::format("{}: you may not use the daemon's socket", socket.string()));
  }
  if (error) {
    return fail(errc::connect_failed,
                fmt::format("{}: no daemon answers ({})", socket.string(), error.message()));
  }
  bhttp::request<bhttp::string_body> message;
  message.version(11);
  message.method_string(method);
  message.target(path);
  message.set(bhttp::field::host, "localhost");
  if (!body.empty()) message.set(bhttp::field::content_type, content_type);
  message.body() = body;
  message.prepare_payload();
  bhttp::write(stream, message, error);
  if (error) return lost(socket, error);
  return {};
}

constexpr int answer_ms = 10'000;
constexpr int no_place = 503;
constexpr int busy_looks = 5;
constexpr std::chrono::seconds between_busy_looks{1};  // as its Retry-After says
constexpr int heartbeat_ms = std::chrono::milliseconds{3 * stream_heartbeat}.count();

/// It says so, or cannot even do that: then it closes the connection.
bool has_no_place(result<daemon_answer> const& answer) noexcept {
  return answer ? answer->status == no_place : answer.error().code == errc::connection_lost;
}

/// A daemon that is stopped or stuck takes connections and says nothing.
result<> wait_for_answer(local::socket& stream, std::filesystem::path const& socket, int ms) {
  pollfd wanted{.fd = stream.native_handle(), .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&wanted, 1, ms);
  } while (ready < 0 && errno == EINTR);
  if (ready > 0) return {};
  return fail(errc::first_byte_timeout,
              fmt::format("{}: the daemon has said nothing for {} s", socket.string(), ms / 1000));
}

/// Hands on the whole events of a text and keeps the rest.
void take_events(std::string& text,
                 std::function<void(std::string_view, std::string_view)> const& each) {
  for (;;) {
    auto const end = text.find("\n\n");
    if (end == std::string::npos) return;
    std::string kind;
    std::string data;
    std::string_view block{text.data(), end};
    while (!block.empty()) {
      auto const line = block.substr(0, block.find('\n'));
      if (line.starts_with("event: ")) kind = line.substr(7);
      if (line.starts_with("data: ")) data = line.substr(6);
      block.remove_prefix(std::min(block.size(), line.size() + 1));
    }
    if (!data.empty()) each(kind, data);
    text.erase(0, end + 2);
  }
}

}  // namespace

result<daemon_answer> daemon_client::call(std::string const& method, std::string const& path,
                                          std::string const& body,
                                          std::string const& content_type) const {
  asio::io_context context;
  local::socket stream{context};
  if (auto const sent = send(stream, socket_, method, path, body, content_type); !sent) {
    return std::unexpected(sent.error());
  }
  if (auto const heard = wait_for_answer(stream, socket_, answer_ms); !heard) {
    return std::unexpected(heard.error());
  }
  boost::beast::flat_buffer buffer;
  bhttp::response_parser<bhttp::string_body> parser;
  parser.body_limit(boost::none);
  error_code error;
  bhttp::read(stream, buffer, parser, error);
  if (error) return lost(socket_, error);
  return daemon_answer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

result<int> daemon_client::stream(
    std::string const& path,
    std::function<void(int status, std::string_view piece)> const& each) const {
  asio::io_context context;
  local::socket stream{context};
  if (auto const sent = send(stream, socket_, "GET", path, {}, {}); !sent) {
    return std::unexpected(sent.error());
  }
  if (auto const heard = wait_for_answer(stream, socket_, answer_ms); !heard) {
    return std::unexpected(heard.error());
  }
  boost::beast::flat_buffer buffer;
  bhttp::response_parser<bhttp::string_body> parser;
  parser.body_limit(boost::none);
  error_code error;
  bhttp::read_header(stream, buffer, parser, error);
  auto const status = error ? 0 : static_cast<int>(parser.get().result_int());
  while (!error && !parser.is_done()) {
    if (buffer.size() == 0) {
      auto const heard = wait_for_answer(stream, socket_, heartbeat_ms);
      if (!heard) return std::unexpected(heard.error());
    }
    bhttp::read_some(stream, buffer, parser, error);
    each(status, parser.get().body());
    parser.get().body().clear();
  }
  if (error && status != 0) {
    return fail(errc::connection_lost, fmt::format("{}: the daemon went away", socket_.string()));
  }
  if (error) return lost(socket_, error);
  return status;
}

result<> daemon_client::follow(
    std::string const& path,
    std::function<void(std::string_view, std::string_view)> const& each) const {
  std::string pending;
  auto const ended = stream(path, [&](int, std::string_view piece) {
    pending += piece;
    take_events(pending, each);
  });
  if (!ended) return std::unexpected(ended.error());
  return {};
}

found_daemon find_daemon(config const& settings) {
  found_daemon out;
  std::error_code ignored;
  auto const ours = std::filesystem::weakly_canonical(settings.data_dir, ignored).string();
  for (auto const& socket : socket_candidates(settings)) {
    if (!std::filesystem::exists(socket, ignored)) continue;
    auto candidate = std::make_unique<daemon_client>(socket);
    auto status = candidate->call("GET", "/v1/status");
    for (int i = 0; i < busy_looks && has_no_place(status); ++i) {
      std::this_thread::sleep_for(between_busy_looks);
      status = candidate->call("GET", "/v1/status");
    }
    if (has_no_place(status)) out.busy = socket;
    if (!status && status.error().code == errc::permission_denied) out.refused = socket;
    if (!status && status.error().code == errc::first_byte_timeout) out.silent = socket;
    if (!status || status->status != 200) continue;
    error_code error;
    auto const document = boost::json::parse(status->body, error);
    auto const* const object = error ? nullptr : document.if_object();
    auto const* const theirs = object != nullptr ? object->if_contains("data_dir") : nullptr;
    if (theirs != nullptr && theirs->is_string() && theirs->get_string() == ours) {
      out.daemon = std::move(candidate);
      return out;
    }
  }
  return out;
}

std::optional<int> complain_of_daemon(found_daemon const& looked) {
  if (!looked.silent.empty()) {
    complain(fmt::format(
        "{}: a daemon holds the catalog and does not answer; see its log, or restart it",
        looked.silent.string()));
    return exit_code::no_daemon;
  }
  if (!looked.busy.empty()) {
    complain(
        fmt::format("{}: the daemon has no place for another client now; try again in a moment",
                    looked.busy.string()));
    return exit_code::try_again;
  }
  if (!looked.refused.empty()) {
    complain(
        fmt::format("{}: a daemon works on it, and you may not use its socket; join the "
                    "socket's group, or use sudo",
                    looked.refused.string()));
    return exit_code::not_allowed;
  }
  return std::nullopt;
}

std::optional<int> complain_of_daemon(found_daemon const& looked, failure const& why) {
  bool const theirs = why.code == errc::catalog_locked || why.code == errc::permission_denied;
  return theirs ? complain_of_daemon(looked) : std::nullopt;
}

}  // namespace vinny
