// SPDX-License-Identifier: MIT
#include "specimens/routes/specimen_answer.hpp"

#include <algorithm>
#include <memory>

#include "specimens/stages/specimen_report.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

/// Making it takes at most one part of so many of the time.
constexpr int rest_after_report = 20;
constexpr clock::duration shortest_rest = 1s;

}  // namespace

task<result<std::string>> specimen_answer::make() {
  return offload(engine_.cpu(), [folder = engine_.settings()->data_dir]() -> result<std::string> {
    auto reader = catalog::open_read_only(folder);
    if (!reader) return std::unexpected(reader.error());
    try {
      return to_json(report_specimens(**reader, folder / "vinny.db", now()));
    } catch (SQLite::Exception const& error) {
      return std::unexpected(from_sqlite(error, folder / "vinny.db"));
    }
  });
}

task<result<std::string>> specimen_answer::get() {
  while (making_) co_await made_.wait();
  if (clock::now() < next_) co_return report_;
  auto const began = clock::now();
  making_ = true;
  auto const end = [this](void*) {  // also when who asked has left
    making_ = false;
    made_.notify_all();
  };
  std::unique_ptr<void, decltype(end)> const making{this, end};
  auto made = co_await make();
  if (!made) co_return made;
  report_ = std::move(*made);
  auto const ended = clock::now();
  next_ = ended + std::max(shortest_rest, rest_after_report * (ended - began));
  co_return report_;
}

}  // namespace vinny
