// SPDX-License-Identifier: MIT
#include "http/wire/race.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

#include "support/loopback_server.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

asio::ip::tcp::endpoint at(std::string const& address, std::uint16_t port = 80) {
  return {asio::ip::make_address(address), port};
}

std::vector<std::string> addresses(endpoint_list const& list) {
  std::vector<std::string> out;
  for (auto const& one : list) out.push_back(one.address().to_string());
  return out;
}

/// Completes no connection: its queue is full.
class silent_address {
 public:
  explicit silent_address(std::string const& address) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    ::inet_pton(AF_INET, address.c_str(), &place.sin_addr);
    socklen_t size = sizeof place;
    auto* const any = reinterpret_cast<sockaddr*>(&place);
    REQUIRE(::bind(listener_, any, size) == 0);
    REQUIRE(::listen(listener_, 0) == 0);
    REQUIRE(::getsockname(listener_, any, &size) == 0);
    port_ = ntohs(place.sin_port);
    for (int i = 0; i < 4; ++i) {
      int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      (void)::connect(fd, any, size);
      waiting_.push_back(fd);
    }
    std::this_thread::sleep_for(50ms);
  }
  silent_address(silent_address const&) = delete;
  silent_address& operator=(silent_address const&) = delete;
  ~silent_address() {
    for (int const fd : waiting_) ::close(fd);
    ::close(listener_);
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> waiting_;
};

struct outcome {
  std::optional<result<asio::ip::tcp::socket>> got{};
  std::chrono::steady_clock::duration took{};
};
outcome connect(endpoint_list where, std::chrono::milliseconds each,
                std::chrono::milliseconds all) {
  asio::io_context loop;
  outcome out;
  auto const began = std::chrono::steady_clock::now();
  auto const race = [&]() -> task<> {
    out.got.emplace(co_await connect_first(std::move(where), each, clock::now() + all));
    out.took = std::chrono::steady_clock::now() - began;
  };
  asio::co_spawn(loop, race(), asio::detached);
  loop.run();
  // The socket is the loop's, and may not outlive it.
  if (out.got && *out.got) (*out.got)->close();
  return out;
}

}  // namespace

TEST_CASE("families take turns, and what has worked comes first") {
  endpoint_list const list{at("2001:db8::1"), at("2001:db8::2"), at("2001:db8::3"), at("192.0.2.1"),
                           at("192.0.2.2")};
  CHECK(addresses(attempt_order(list, std::nullopt)) ==
        std::vector<std::string>{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2",
                                 "2001:db8::3"});
  CHECK(addresses(attempt_order(list, asio::ip::make_address("192.0.2.2"))) ==
        std::vector<std::string>{"192.0.2.2", "2001:db8::1", "192.0.2.1", "2001:db8::2",
                                 "2001:db8::3"});
  CHECK(addresses(attempt_order(list, asio::ip::make_address("192.0.2.77"))).front() ==
        "2001:db8::1");
  CHECK(attempt_order({}, std::nullopt).empty());
}

TEST_CASE("a silent address costs a moment, a closed one none") {
  silent_address const silent{"127.0.0.2"};
  loopback_server server{[](auto&) {}, {}, {"127.0.0.3"}, silent.port()};
  auto const [got, took] =
      connect({at("127.0.0.2", silent.port()), at("127.0.0.3", silent.port())}, 20s, 20s);
  REQUIRE((got && *got));
  CHECK(took >= between_attempts);
  CHECK(took < 5s);  // and not the 20 s that one address may take

  auto const [second, quick] =
      connect({at("127.0.0.4", silent.port()), at("127.0.0.3", silent.port())}, 20s, 20s);
  CHECK((second && *second));
  CHECK(quick < between_attempts);
}

TEST_CASE("nobody answers: the reason is of the address, or of the time") {
  silent_address const silent{"127.0.0.2"};
  auto const each = connect({at("127.0.0.2", silent.port())}, 100ms, 20s);
  REQUIRE_FALSE(*each.got);
  CHECK(name(each.got->error().code) == name(errc::connect_timeout));
  auto const all = connect({at("127.0.0.2", silent.port())}, 20s, 100ms);
  REQUIRE_FALSE(*all.got);
  CHECK(name(all.got->error().code) == name(errc::total_timeout));
  auto const closed = connect({at("127.0.0.4", silent.port())}, 20s, 20s);
  REQUIRE_FALSE(*closed.got);
  CHECK(name(closed.got->error().code) == name(errc::connect_failed));
}
