// SPDX-License-Identifier: MIT
#include "http/server.hpp"

#include <fmt/format.h>

#include "http/server/connection.hpp"
#include "http/server/listeners.hpp"
#include "http/server/peer.hpp"
#include "http/server/places.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "task/task_group.hpp"

namespace vinny {

using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

// Who finds no place is told so; of those at most so many at a time, or they would be places too.
constexpr std::size_t most_turned_away = 64;
constexpr auto told_every = 1min;
constexpr auto accept_rest = 100ms;

template <class Acceptor>
constexpr bool is_tcp = std::is_same_v<Acceptor, tcp_listener>;

}  // namespace

struct http_server::impl {
  asio::any_io_executor loop;
  server_handler handler;
  server_limits limits;
  places local_places;  // neither listener can shut out the other
  places tcp_places;
  std::size_t turned_away = 0;
  clock::time_point told{};
  counter& refused_clients;
  std::filesystem::path socket_file;
  task_group tasks;  // last: its members use all of the above

  impl(asio::any_io_executor on, server_handler what, server_limits how)
      : loop(std::move(on)),
        handler(std::move(what)),
        limits(std::move(how)),
        local_places(limits.max_connections),
        tcp_places(limits.max_connections),
        refused_clients(
            metrics::global().counter("vinny_control_turned_away_total",
                                      "Clients of the control endpoint that found no place.")),
        tasks(loop) {}

  template <class Acceptor>
  void listen(Acceptor acceptor) {
    tasks.spawn(is_tcp<Acceptor> ? "control port" : "control socket", accept(std::move(acceptor)));
  }

  template <class Acceptor>
  task<> accept(Acceptor acceptor) {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(as_values);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors, most likely: others will end.
        log(log_level::warn, "control", "a connection could not be accepted",
            field("error", error.message()));
        co_await sleep_for(accept_rest);
        continue;
      }
      if constexpr (is_tcp<Acceptor>) {
        error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
      }
      take_in(stream_socket{std::move(socket)}, is_tcp<Acceptor> ? tcp_places : local_places);
    }
  }

  void take_in(stream_socket socket, places& among) {
    auto const from = peer_of(socket);
    if (auto place = among.take(from.uid)) {
      tasks.spawn("control connection", serve(std::move(socket), from, std::move(place)));
      return;
    }
    refused_clients.add();
    if (clock::now() - told > told_every) {
      told = clock::now();
      log(log_level::warn, "control", "clients find no place, and are told to come again",
          field("taken", among.taken()), field("uid", from.uid ? std::to_string(*from.uid) : ""));
    }
    if (turned_away < most_turned_away) {
      tasks.spawn("control connection", turn_away(std::move(socket), from));
    }
  }

  task<> serve(stream_socket socket, peer from, std::shared_ptr<void> place) {
    server_connection one{std::move(socket), from, handler, limits};
    co_await one.serve();
    place.reset();
  }

  task<> turn_away(stream_socket socket, peer from) {
    struct counted {
      std::size_t& count;
      explicit counted(std::size_t& c) : count(c) { ++count; }
      counted(counted const&) = delete;
      counted& operator=(counted const&) = delete;
      ~counted() { --count; }
    };
    counted const mark{turned_away};
    server_connection one{std::move(socket), from, handler, limits};
    co_await one.turn_away();
  }
};

http_server::http_server(asio::any_io_executor loop, server_handler handler, server_limits limits)
    : impl_(std::make_unique<impl>(std::move(loop), std::move(handler), std::move(limits))) {}
http_server::~http_server() = default;

result<> http_server::listen_unix(std::filesystem::path const& path) {
  auto listener = open_unix_listener(impl_->loop, path);
  if (!listener) return std::unexpected(listener.error());
  impl_->socket_file = path;
  impl_->listen(std::move(*listener));
  return {};
}

result<std::uint16_t> http_server::listen_tcp(std::string const& address, std::uint16_t port) {
  auto listener = open_tcp_listener(impl_->loop, address, port);
  if (!listener) return std::unexpected(listener.error());
  auto const chosen = listener->local_endpoint().port();
  impl_->listen(std::move(*listener));
  return chosen;
}

result<given_listener> http_server::listen_given(int fd) {
  auto listener = adopt_listener(impl_->loop, fd);
  if (!listener) return std::unexpected(listener.error());
  return std::visit(
      [this]<class Acceptor>(Acceptor& one) {
        auto const place = one.local_endpoint();
        given_listener out;
        if constexpr (is_tcp<Acceptor>) {
          out = {.name = fmt::format("{}:{}", place.address().to_string(), place.port()),
                 .port = place.port()};
        } else {
          out = {.name = place.path(), .port = {}};
        }
        impl_->listen(std::move(one));
        return out;
      },
      *listener);
}

task<> http_server::stop() {
  impl_->tasks.cancel();
  co_await impl_->tasks.join();
  std::error_code ignored;
  if (!impl_->socket_file.empty()) std::filesystem::remove(impl_->socket_file, ignored);
}

}  // namespace vinny
