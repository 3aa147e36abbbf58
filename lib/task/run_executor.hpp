// SPDX-License-Identifier: MIT
//
// The loop, for one run: what is resumed by this executor logs under the run's id. A coroutine that
// is spawned on it, and all that it awaits and spawns, is the run's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <utility>

#include "observe/log.hpp"

namespace vinny {

/// An executor in the sense of Asio; `Inner` is the loop's own.
template <class Inner>
class run_executor {
 public:
  run_executor(Inner inner, run_tag run) noexcept : inner_(std::move(inner)), run_(run) {}

  template <class Property>
    requires boost::asio::can_require_v<Inner const&, Property>
  [[nodiscard]] auto require(Property const& property) const {
    auto changed = boost::asio::require(inner_, property);
    return run_executor<decltype(changed)>{std::move(changed), run_};
  }
  template <class Property>
    requires(!boost::asio::can_require_v<Inner const&, Property> &&
             boost::asio::can_prefer_v<Inner const&, Property>)
  [[nodiscard]] auto prefer(Property const& property) const {
    auto changed = boost::asio::prefer(inner_, property);
    return run_executor<decltype(changed)>{std::move(changed), run_};
  }
  template <class Property>
    requires boost::asio::can_query_v<Inner const&, Property>
  [[nodiscard]] decltype(auto) query(Property const& property) const {
    return boost::asio::query(inner_, property);
  }

  template <class Work>
  void execute(Work work) const {
    inner_.execute([run = run_, work = std::move(work)]() mutable {
      run_scope const scope{run};
      std::move(work)();
    });
  }

  [[nodiscard]] bool operator==(run_executor const& other) const noexcept {
    return inner_ == other.inner_ && run_ == other.run_;
  }

 private:
  Inner inner_;
  run_tag run_;
};

/// Of a loop that is an io_context.
[[nodiscard]] boost::asio::any_io_executor executor_of_run(boost::asio::any_io_executor const& loop,
                                                           std::string_view id);

}  // namespace vinny
