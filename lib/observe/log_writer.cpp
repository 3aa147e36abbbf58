// SPDX-License-Identifier: MIT
#include "observe/log_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace vinny {

struct log_writer::state {
  int fd;  // its own: the caller's number may belong to another file before the thread ends
  std::function<std::string(std::uint64_t)> tell_lost;
  std::size_t most_waiting;

  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::deque<std::string> waiting{};
  std::size_t bytes = 0;     // that wait, or are being written
  std::uint64_t untold = 0;  // lost since the last line that told of it
  std::uint64_t all_lost = 0;
  bool ended = false;

  state(int original, std::function<std::string(std::uint64_t)> tell, std::size_t most)
      : fd(::fcntl(original, F_DUPFD_CLOEXEC, 3)), tell_lost(std::move(tell)), most_waiting(most) {}
  state(state const&) = delete;
  state& operator=(state const&) = delete;
  ~state() {
    if (fd >= 0) ::close(fd);
  }

  [[nodiscard]] bool idle() const { return waiting.empty() && bytes == 0 && untold == 0; }

  void push(std::string line) {
    bytes += line.size();
    waiting.push_back(std::move(line));
  }

  void work() {
    std::unique_lock lock{mutex};
    for (;;) {
      changed.wait(lock, [this] { return ended || !waiting.empty() || untold > 0; });
      if (waiting.empty() && untold > 0) push(tell_lost(std::exchange(untold, 0)));
      if (waiting.empty()) return;
      auto const line = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      write_line(fd, line);
      lock.lock();
      bytes -= line.size();
      if (idle()) changed.notify_all();
    }
  }
};

log_writer::log_writer(int fd, std::function<std::string(std::uint64_t)> tell_lost,
                       std::size_t most_waiting)
    : state_(std::make_shared<state>(fd, std::move(tell_lost), most_waiting)) {
  // Signals are the loop's: the thread inherits that it takes none.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread{[held = state_] { held->work(); }}.detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

log_writer::~log_writer() {
  std::lock_guard const lock{state_->mutex};
  state_->ended = true;
  state_->changed.notify_all();
}

void log_writer::put(std::string line) {
  std::lock_guard const lock{state_->mutex};
  auto& here = *state_;
  if (here.bytes + line.size() > here.most_waiting) {
    ++here.untold;
    ++here.all_lost;
    return;
  }
  if (here.untold > 0) here.push(here.tell_lost(std::exchange(here.untold, 0)));
  here.push(std::move(line));
  here.changed.notify_all();
}

bool log_writer::flush(std::chrono::milliseconds patience) {
  std::unique_lock lock{state_->mutex};
  return state_->changed.wait_for(lock, patience, [this] { return state_->idle(); });
}

std::uint64_t log_writer::lost() const {
  std::lock_guard const lock{state_->mutex};
  return state_->all_lost;
}

void write_line(int fd, std::string_view line) noexcept {
  while (!line.empty()) {
    auto const written = ::write(fd, line.data(), line.size());
    if (written > 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Another program that shares the descriptor has made it so.
      pollfd one{.fd = fd, .events = POLLOUT, .revents = 0};
      (void)::poll(&one, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace vinny
