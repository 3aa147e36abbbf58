// SPDX-License-Identifier: MIT
#include "task/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>
#include <cstdlib>
#include <exception>
#include <vector>

#include "observe/log.hpp"

namespace vinny {
namespace {

[[noreturn]] void die(std::string const& name, std::exception_ptr const& error) {
  std::string what = "unknown exception";
  try {
    std::rethrow_exception(error);
  } catch (std::exception const& e) {
    what = e.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): the name is all there is to tell
  }
  log(log_level::error, "task", "a task ended by an exception that nothing handles",
      field("task", name), field("exception", what));
  flush_log();
  std::abort();
}

}  // namespace

bool is_cancellation(std::exception_ptr const& error) noexcept {
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (boost::system::system_error const& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

task_group::~task_group() {
  assert(members_.empty());
}

void task_group::spawn(std::string name, task<> body) {
  auto const self = std::make_shared<member>();
  self->name = std::move(name);
  auto const place = members_.insert(members_.end(), self);
  asio::co_spawn(loop_, std::move(body),
                 asio::bind_cancellation_slot(
                     self->signal.slot(),
                     [this, place](std::exception_ptr const& error) { ended(place, error); }));
  if (cancelled_) self->signal.emit(asio::cancellation_type::terminal);
}

void task_group::ended(std::list<std::shared_ptr<member>>::iterator place,
                       std::exception_ptr const& error) {
  if (error && !is_cancellation(error)) die((*place)->name, error);
  members_.erase(place);
  if (members_.empty()) empty_.notify_all();
}

void task_group::cancel() {
  cancelled_ = true;
  cancel_members();
}

void task_group::cancel_members() {
  // A signal may end its member at once, which changes the list.
  std::vector<std::shared_ptr<member>> const all{members_.begin(), members_.end()};
  for (auto const& one : all) one->signal.emit(asio::cancellation_type::terminal);
}

task<> task_group::join() {
  while (!members_.empty()) co_await empty_.wait();
}

}  // namespace vinny
