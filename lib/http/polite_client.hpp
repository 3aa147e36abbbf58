// SPDX-License-Identifier: MIT
//
// The client that everything outside is asked with. Before each request, on each hop: the host
// may be asked (allow-list, robots.txt, address guard), it is the host's turn (delay, slots,
// cooldown, breaker), there is a connection, and a permit to have a request in flight. Redirects
// are followed here, so that each hop goes through all of it again.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "config/config.hpp"
#include "http/connection/pool.hpp"
#include "http/host_registry.hpp"
#include "http/message.hpp"
#include "task/semaphore.hpp"

namespace vinny {

class redirect_chain;

class polite_client final : public client {
 public:
  /// `cpu` decompresses bodies. Everything must outlive the client; `memory` may be null.
  polite_client(config const& settings, host_registry& hosts, connection_pool& pool,
                asio::thread_pool& cpu);

  /// Follows up to http.max_redirects redirects, with the cookies that they set, and decodes gzip.
  /// A Retry-After cools the whole domain down; while it rests, requests fail with
  /// host_cooling_down and its retry_at, and nothing is sent. A redirect or a 403 that comes with
  /// one fails with http_too_many_requests.
  [[nodiscard]] task<result<response>> send(request what, deadline limit) override;

 private:
  enum class rules { obey, ignore };
  [[nodiscard]] task<result<response>> follow(request what, rules robots, deadline limit);
  /// With its Content-Encoding undone; `asked`: one was asked for.
  [[nodiscard]] task<result<response>> decoded(result<response> answer, bool asked,
                                               std::int64_t max_body);
  /// One request of a chain, with what every request carries.
  [[nodiscard]] request hop(request const& what, redirect_chain const& chain) const;
  [[nodiscard]] task<result<response>> fetch_robots(url robots_txt, deadline limit);
  [[nodiscard]] task<result<>> allowed(request const& what, lane& host, deadline limit);
  /// A connection on which the request may be sent at once, with leave to have it in flight and
  /// room for its answer.
  struct ready_link {
    semaphore::permit permit;
    std::shared_ptr<void> room;
    connection_pool::lease link;
  };
  [[nodiscard]] task<result<ready_link>> reach(request const& what, lane& host, bool fresh,
                                               deadline limit);
  [[nodiscard]] task<result<response>> take_turn(request what, lane& host, deadline limit);
  [[nodiscard]] result<> line_is_short(request const& what, lane const& host) const;
  [[nodiscard]] result<> must_rest(url const& target, lane const& host) const;
  /// Only from what the host did: waiting in our own line tells nothing about it.
  [[nodiscard]] task<> learn(url target, lane& host, result<response> const& answer);

  config const& settings_;
  host_registry& hosts_;
  connection_pool& pool_;
  asio::thread_pool& cpu_;
  std::string user_agent_;
};

}  // namespace vinny
