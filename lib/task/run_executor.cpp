// SPDX-License-Identifier: MIT
#include "task/run_executor.hpp"

#include <boost/asio/io_context.hpp>

namespace vinny {

namespace asio = boost::asio;

asio::any_io_executor executor_of_run(asio::any_io_executor const& loop, std::string_view id) {
  run_tag const run{id};
  // The loop's own type: erased twice, each step of a coroutine would cost more.
  if (auto const* const own = loop.target<asio::io_context::executor_type>()) {
    return run_executor<asio::io_context::executor_type>{*own, run};
  }
  return run_executor<asio::any_io_executor>{loop, run};
}

}  // namespace vinny
