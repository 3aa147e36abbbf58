// SPDX-License-Identifier: MIT
//
// Kept-alive connections, by scheme, host and port. A connection goes back only after a whole
// answer was read on it; one that failed, timed out or was cancelled is closed.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>

#include "http/connection/dialer.hpp"

namespace vinny {

class connection_pool {
 public:
  /// A connection on loan; it returns to the pool, or is closed, when this dies.
  class lease {
   public:
    lease(connection_pool& owner, std::string key, std::unique_ptr<connection> link, bool fresh)
        : owner_(&owner), key_(std::move(key)), link_(std::move(link)), fresh_(fresh) {}
    lease(lease&&) noexcept = default;
    lease& operator=(lease&&) noexcept = delete;
    ~lease() {
      if (link_) owner_->put_back(std::move(key_), std::move(link_));
    }
    [[nodiscard]] connection& operator*() const noexcept { return *link_; }
    [[nodiscard]] connection* operator->() const noexcept { return link_.get(); }
    /// True when it was connected for this loan.
    [[nodiscard]] bool fresh() const noexcept { return fresh_; }

   private:
    connection_pool* owner_;
    std::string key_;
    std::unique_ptr<connection> link_;
    bool fresh_;
  };

  explicit connection_pool(dialer& dial, std::size_t idle_per_host = 16)
      : dialer_(dial), idle_per_host_(idle_per_host) {}

  /// A kept connection when there is a sound one, else a new one.
  [[nodiscard]] task<result<lease>> take(url const& target, deadline limit);
  /// Always a new one: after a kept one turned out to be dead.
  [[nodiscard]] task<result<lease>> connect(url const& target, deadline limit);

 private:
  struct idle {
    std::unique_ptr<connection> link;
    clock::time_point since;
  };
  void put_back(std::string key, std::unique_ptr<connection> link) noexcept;
  void drop_old();

  dialer& dialer_;
  std::size_t idle_per_host_;
  std::map<std::string, std::list<idle>> idle_;
  std::size_t count_ = 0;
};

}  // namespace vinny
