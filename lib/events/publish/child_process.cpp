// SPDX-License-Identifier: MIT
#include "events/publish/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "core/text.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto look_every = 100ms;

class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;
  ~descriptor() { close(); }
  [[nodiscard]] int get() const noexcept { return fd_; }
  void reset(int fd) noexcept {
    close();
    fd_ = fd;
  }
  void close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// One of the child's streams.
struct stream {
  descriptor read_end;
  descriptor write_end;
  std::string text;

  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
    return true;
  }
  /// Takes what is there; at the end it closes itself. True: something was dropped.
  bool take(std::size_t keep) {
    std::array<char, 65536> chunk{};
    auto const got = ::read(read_end.get(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (got <= 0) {
      read_end.close();
      return false;
    }
    auto const room = keep - std::min(keep, text.size());
    text.append(chunk.data(), std::min(room, static_cast<std::size_t>(got)));
    return static_cast<std::size_t>(got) > room;
  }
};

/// posix_spawn's objects, given back on every way out.
struct spawn_options {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  spawn_options() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  spawn_options(spawn_options const&) = delete;
  spawn_options& operator=(spawn_options const&) = delete;
  ~spawn_options() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
};

std::vector<char*> pointers(std::vector<std::string>& from) {
  std::vector<char*> out;
  out.reserve(from.size() + 1);
  for (auto& one : from) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

int start(child_command const& what, stream& out, stream& err, pid_t& pid) {
  spawn_options options;
  auto* const files = &options.files;
  ::posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(files, out.write_end.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(files, err.write_end.get(), STDERR_FILENO);
  if (!what.folder.empty()) ::posix_spawn_file_actions_addchdir_np(files, what.folder.c_str());
  sigset_t none{};
  sigset_t usual{};
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (int const number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&usual, number);
  ::posix_spawnattr_setpgroup(&options.attributes, 0);
  ::posix_spawnattr_setsigmask(&options.attributes, &none);
  ::posix_spawnattr_setsigdefault(&options.attributes, &usual);
  ::posix_spawnattr_setflags(
      &options.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  auto arguments = what.arguments;
  std::vector<std::string> environment;
  environment.reserve(what.environment.size());
  for (auto const& [key, value] : what.environment) {
    environment.push_back(fmt::format("{}={}", key, value));
  }
  auto argument_list = pointers(arguments);
  auto environment_list = pointers(environment);
  return ::posix_spawn(&pid, arguments.front().c_str(), files, &options.attributes,
                       argument_list.data(), environment_list.data());
}

int exit_code_of(int status) noexcept {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Reads both streams until the child has ended. The code to fail with, or none.
std::optional<errc> follow(child_command const& what, pid_t pid, stream& out, stream& err,
                           child_outcome& outcome) {
  auto const end = steady::now() + what.patience;
  auto const spent = [&]() -> std::optional<errc> {
    if (what.stop != nullptr && what.stop->load()) return errc::cancelled;
    if (steady::now() >= end) return errc::total_timeout;
    return std::nullopt;
  };
  for (bool ended = false; !ended;) {
    if (auto const why = spent()) return why;
    std::array<pollfd, 2> watched{
        {{out.read_end.get(), POLLIN, 0}, {err.read_end.get(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), static_cast<int>(look_every.count()));
    if (watched[0].revents != 0) outcome.cut |= out.take(what.kept_bytes);
    if (watched[1].revents != 0) outcome.cut |= err.take(what.kept_bytes);
    bool const quiet = watched[0].revents == 0 && watched[1].revents == 0;
    bool const silent = out.read_end.get() < 0 && err.read_end.get() < 0;
    if (!quiet && !silent) continue;
    // A grandchild may keep the pipes open after the child has ended: that is no reason to wait.
    siginfo_t info{};
    ended = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
            info.si_pid == pid;
    if (silent && !ended) std::this_thread::sleep_for(20ms);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::filesystem::path> find_program(std::string const& name,
                                                  std::string const& path) {
  auto const is_program = [](std::filesystem::path const& at) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(at, ignored) && ::access(at.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) {
    return is_program(name) ? std::optional<std::filesystem::path>{name} : std::nullopt;
  }
  for (auto const folder : split(path, ':')) {
    if (folder.empty() || folder.front() != '/') continue;  // never out of the current directory
    auto at = std::filesystem::path{folder} / name;
    if (is_program(at)) return at;
  }
  return std::nullopt;
}

result<child_outcome> run_child(child_command const& what) {
  auto const& name = what.arguments.front();
  stream out;
  stream err;
  if (!out.open() || !err.open()) {
    return fail(errc::io_error,
                fmt::format("{} cannot be started: no pipe ({})", name, std::strerror(errno)));
  }
  pid_t pid = 0;
  if (int const error = start(what, out, err, pid); error != 0) {
    return fail(errc::publish_tool,
                fmt::format("{} cannot be started: {}", name, std::strerror(error)));
  }
  out.write_end.close();
  err.write_end.close();
  child_outcome outcome;
  auto const failed = follow(what, pid, out, err, outcome);
  // Whoever of its group is left goes with it; the child itself is not reaped yet, so the id of
  // the group cannot be another's.
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (failed == errc::total_timeout) {
    return fail(*failed,
                fmt::format("{} did not end within {} s and was killed", name,
                            std::chrono::ceil<std::chrono::seconds>(what.patience).count()));
  }
  if (failed) return fail(*failed, fmt::format("{} was stopped", name));
  outcome.exit_code = exit_code_of(status);
  outcome.out = std::move(out.text);
  outcome.err = std::move(err.text);
  return outcome;
}

}  // namespace vinny
