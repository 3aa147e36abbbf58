// SPDX-License-Identifier: MIT
//
// Names to addresses: getaddrinfo on a small pool of its own, answers cached on the loop for a
// while, bad news for a shorter while. Lookups of one name at one time are one lookup. Names whose
// servers are silent hold a thread each: there are enough for the others to be resolved.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/failure.hpp"
#include "task/condition.hpp"
#include "task/task.hpp"

namespace vinny {

using address_list = std::vector<asio::ip::address>;

class dns_cache {
 public:
  explicit dns_cache(asio::any_io_executor loop, std::size_t threads = 16);
  ~dns_cache();

  /// Addresses of a host name, or the address itself when it is one. Errors: dns_failure,
  /// dns_not_found, resolve_timeout, out_of_descriptors and out_of_memory. The lookup goes on when
  /// a caller gives up waiting.
  [[nodiscard]] task<result<address_list>> resolve(std::string host, deadline limit);
  /// Lookups that the system has not answered yet; the destructor waits for them.
  [[nodiscard]] int pending() const noexcept { return *pending_; }

 private:
  struct entry {
    bool done = false;
    result<address_list> answer{};
    clock::time_point expires{};
    condition ready;
  };
  void look_up(std::string const& host, std::shared_ptr<entry> const& place);

  asio::any_io_executor loop_;
  asio::thread_pool pool_;
  std::map<std::string, std::shared_ptr<entry>> entries_;
  std::shared_ptr<int> pending_ = std::make_shared<int>(0);  // an answer may outlast the cache
};

}  // namespace vinny
