// SPDX-License-Identifier: MIT
//
// The polite client with everything under it, on a loop of its own: what the wire tests ask with.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

#include "http/polite_client.hpp"
#include "support/loopback_server.hpp"

namespace vinny::test {

/// No pace, no robots.txt, short timeouts: each test asks for what it is about.
[[nodiscard]] inline config quick_config() {
  using namespace std::chrono_literals;
  config out;
  out.contact = "wire-tests@example.org";
  out.http.resolve_timeout = out.http.connect_timeout = out.http.tls_timeout = 5s;
  out.http.first_byte_timeout = out.http.stall_timeout = 5s;
  out.http.total_timeout = 20s;
  out.politeness.delay = 0ms;
  out.politeness.robots = false;
  out.politeness.concurrency = 8;
  out.politeness.breaker_failures = 1000;
  return out;
}

/// The same, with host names led to a server: "site.test:80", "site.test:443".
[[nodiscard]] inline config quick_config(loopback_server const& server,
                                         std::vector<std::string> const& names) {
  auto out = quick_config();
  for (auto const& name : names) out.http.connect_to[name] = server.address();
  return out;
}

[[nodiscard]] inline request get(std::string const& where) {
  auto target = url::parse(where);
  if (!target) throw std::runtime_error{target.error().message};
  return {.target = *target};
}

/// Where an answer goes.
struct keeper {
  result<response>& out;
  void operator()(std::exception_ptr const& error, result<response> got) const {
    if (error) {
      out = fail(errc::cancelled, "cancelled");
    } else {
      out = std::move(got);
    }
  }
};

class polite_web {
 public:
  explicit polite_web(config with, host_memory* memory = nullptr)
      : settings(std::move(with)),
        dns(loop.get_executor()),
        tls(settings.http.ca_file),
        dial(dns, tls, settings.http, !settings.contact.empty(), settings.politeness.patience),
        pool(dial),
        hosts(settings, memory),
        client(settings, hosts, pool, cpu) {}
  polite_web(polite_web const&) = delete;
  polite_web& operator=(polite_web const&) = delete;
  ~polite_web() { cpu.join(); }

  result<response> fetch(std::string const& where) { return send(get(where)); }
  result<response> send(request what, deadline limit = no_deadline) {
    std::vector<request> one;
    one.push_back(std::move(what));
    return std::move(send_all(std::move(one), limit).front());
  }
  /// All at once, answered in the order of the requests.
  std::vector<result<response>> send_all(std::vector<request> what, deadline limit = no_deadline) {
    std::vector<result<response>> out(what.size(), fail(errc::internal, "no answer came"));
    for (std::size_t i = 0; i < what.size(); ++i) {
      asio::co_spawn(loop, client.send(std::move(what[i]), limit), keeper{out[i]});
    }
    run();
    return out;
  }
  /// Begins a request that `stop` can cancel; run() lets it go on. A cancelled one leaves `out`
  /// at errc::cancelled.
  void start(request what, asio::cancellation_signal& stop, result<response>& out) {
    asio::co_spawn(loop, client.send(std::move(what), no_deadline),
                   asio::bind_cancellation_slot(stop.slot(), keeper{out}));
  }
  void run() {
    loop.restart();
    loop.run();
  }

  config settings;
  asio::io_context loop{1};
  asio::thread_pool cpu{1};
  dns_cache dns;
  tls_context tls;
  dialer dial;
  connection_pool pool;
  host_registry hosts;
  polite_client client;
};

}  // namespace vinny::test
