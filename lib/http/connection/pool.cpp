// SPDX-License-Identifier: MIT
#include "http/connection/pool.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

// Many servers close after 60 to 75 s; a connection that is about to be closed is no gain.
constexpr auto idle_lasts = 50s;
constexpr std::size_t idle_in_all = 256;

}  // namespace

void connection_pool::drop_old() {
  auto const limit = clock::now() - idle_lasts;
  for (auto it = idle_.begin(); it != idle_.end();) {
    count_ -= std::erase_if(it->second, [&](idle const& one) { return one.since < limit; });
    it = it->second.empty() ? idle_.erase(it) : std::next(it);
  }
}

task<result<connection_pool::lease>> connection_pool::take(url const& target, deadline limit) {
  drop_old();
  auto key = target.origin();
  if (auto const it = idle_.find(key); it != idle_.end()) {
    while (!it->second.empty()) {
      auto link = std::move(it->second.back().link);
      it->second.pop_back();
      --count_;
      if (link->ready()) co_return lease{*this, std::move(key), std::move(link), false};
    }
  }
  co_return co_await connect(target, limit);
}

task<result<connection_pool::lease>> connection_pool::connect(url const& target, deadline limit) {
  auto link = co_await dialer_.connect(target, limit);
  if (!link && link.error().code == errc::out_of_descriptors && count_ > 0) {
    // Those that are kept for later are the first to go.
    idle_.clear();
    count_ = 0;
    link = co_await dialer_.connect(target, limit);
  }
  if (!link) co_return std::unexpected(link.error());
  co_return lease{*this, target.origin(), std::move(*link), true};
}

void connection_pool::put_back(std::string key, std::unique_ptr<connection> link) noexcept {
  auto& list = idle_[key];
  if (link->ready() && list.size() < idle_per_host_ && count_ < idle_in_all) {
    list.push_back({std::move(link), clock::now()});
    ++count_;
  } else if (list.empty()) {
    idle_.erase(key);
  }
}

}  // namespace vinny
