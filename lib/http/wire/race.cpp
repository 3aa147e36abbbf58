// SPDX-License-Identifier: MIT
#include "http/wire/race.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "http/wire/watchdog.hpp"
#include "policy/classify.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

using tcp = asio::ip::tcp;
using boost::system::error_code;

/// What one attempt came to.
struct attempt {
  explicit attempt(asio::any_io_executor const& loop) : socket(loop) {}
  tcp::socket socket;
  bool ended = false;
  error_code error{};
  bool timed_out = false;
};

class race {
 public:
  race(asio::any_io_executor loop, endpoint_list addresses, std::chrono::milliseconds each,
       deadline limit)
      : loop_(std::move(loop)), addresses_(std::move(addresses)), each_(each), limit_(limit) {}

  task<result<tcp::socket>> run(task_group& attempts) {
    for (auto const& address : addresses_) {
      auto& next = attempts_.emplace_back(loop_);
      if (auto const opened = open(next, address); !opened) {
        if (is_own_shortage(opened.error().code)) co_return std::unexpected(opened.error());
        continue;
      }
      attempts.spawn("connect", connect(next, address));
      if (co_await settled(within(between_attempts, limit_))) break;
    }
    while (!winner_ && !all_ended()) {
      (void)co_await news_.wait(limit_);
      if (clock::now() >= limit_) break;
    }
    attempts.cancel();
    if (winner_) co_return std::move(*winner_);
    co_return std::unexpected(why());
  }

 private:
  static result<> open(attempt& self, tcp::endpoint const& address) {
    self.socket.open(address.protocol(), self.error);
    if (!self.error) self.socket.set_option(tcp::no_delay{true}, self.error);
    self.ended = self.error.failed();
    if (!self.error) return {};
    auto const code = shortage_of(self.error.value()).value_or(errc::connect_failed);
    return fail(code, std::string{describe(code)});
  }

  task<> connect(attempt& self, tcp::endpoint address) {
    watchdog timer{loop_, [&self] { self.socket.cancel(); }};
    timer.guard(within(each_, limit_));
    auto const [error] = co_await self.socket.async_connect(address, as_values);
    self.timed_out = timer.passed();
    self.ended = true;
    self.error = error;
    if (!error && !winner_) winner_.emplace(std::move(self.socket));
    news_.notify_all();
  }

  /// Waits for a winner; false: the latest attempt has failed, or the time is up.
  task<bool> settled(deadline limit) {
    while (!winner_ && !attempts_.back().ended && clock::now() < limit) {
      (void)co_await news_.wait(limit);
    }
    co_return winner_.has_value() || clock::now() >= limit_;
  }

  [[nodiscard]] bool all_ended() const { return std::ranges::all_of(attempts_, &attempt::ended); }

  [[nodiscard]] failure why() const {
    // An address that refused tells more than one that is silent.
    auto const refused = std::ranges::find_if(attempts_, [](attempt const& tried) {
      return tried.ended && tried.error && !tried.timed_out &&
             tried.error != asio::error::operation_aborted;
    });
    if (refused != attempts_.end()) {
      auto const code = shortage_of(refused->error.value()).value_or(errc::connect_failed);
      return {code, fmt::format("{} ({})", describe(code), refused->error.message())};
    }
    return failure{clock::now() >= limit_ ? errc::total_timeout : errc::connect_timeout};
  }

  asio::any_io_executor loop_;
  endpoint_list addresses_;
  std::chrono::milliseconds each_;
  deadline limit_;
  std::list<attempt> attempts_;  // members of the group refer to them
  std::optional<tcp::socket> winner_;
  condition news_;
};

}  // namespace

endpoint_list attempt_order(endpoint_list addresses, std::optional<asio::ip::address> const& good) {
  if (addresses.empty()) return addresses;
  auto const first_family = addresses.front().protocol();
  endpoint_list own;
  endpoint_list other;
  for (auto const& address : addresses) {
    (address.protocol() == first_family ? own : other).push_back(address);
  }
  endpoint_list out;
  for (std::size_t i = 0; i < std::max(own.size(), other.size()); ++i) {
    if (i < own.size()) out.push_back(own[i]);
    if (i < other.size()) out.push_back(other[i]);
  }
  if (good) {
    auto const it = std::ranges::find(
        out, *good, [](tcp::endpoint const& address) { return address.address(); });
    if (it != out.end()) std::rotate(out.begin(), it, it + 1);
  }
  return out;
}

task<result<tcp::socket>> connect_first(endpoint_list addresses, std::chrono::milliseconds each,
                                        deadline limit) {
  race attempts{co_await asio::this_coro::executor, std::move(addresses), each, limit};
  co_return co_await with_group([&attempts](task_group& group) { return attempts.run(group); });
}

}  // namespace vinny
