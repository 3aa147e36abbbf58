// SPDX-License-Identifier: MIT
#include "decoder/decoder_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/file_handle.hpp"
#include "decoder/decode_images.hpp"

namespace vinny {
namespace {

constexpr char const* own_program = "/proc/self/exe";
constexpr std::uint64_t most_answer_bytes = 64ULL << 20;

std::unexpected<failure> not_started(int error) {
  return fail(errc::internal,
              fmt::format("an image decoder cannot be started: {}", std::strerror(error)));
}

/// The spawned program: nothing but its end of the channel.
result<pid_t> spawn(int its_end) {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t how{};
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_adddup2(&files, its_end, STDIN_FILENO);
  for (int const output : {STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&how, &none);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  std::string name = "vinny-decoder";
  std::string argument{decoder_argument};
  std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
  std::array<char*, 1> environment{nullptr};  // it holds secrets
  pid_t pid = 0;
  int const error =
      ::posix_spawn(&pid, own_program, &files, &how, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  if (error != 0) return not_started(error);
  return pid;
}

}  // namespace

task<result<std::unique_ptr<decoder_process>>> decoder_process::start(deadline limit) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    co_return not_started(errno);
  }
  file_handle ours{ends[0]};
  file_handle const theirs{ends[1]};
  auto const pid = spawn(theirs.get());
  if (!pid) co_return std::unexpected(pid.error());
  stream channel{co_await asio::this_coro::executor};
  boost::system::error_code error;
  channel.socket().assign(asio::local::stream_protocol{}, ours.release(), error);
  std::unique_ptr<decoder_process> out{new decoder_process{*pid, std::move(channel)}};
  if (error) co_return not_started(error.value());
  out->channel_.expires_at(limit);
  std::string greeting(1, '\0');
  if (!co_await out->read(greeting) || greeting.front() != decoder_greeting) {
    co_return fail(errc::internal,
                   "an image decoder cannot be confined on this machine: the kernel must have "
                   "seccomp filters, and a service's own filter must allow seccomp and prctl");
  }
  co_return out;
}

decoder_process::~decoder_process() {
  ::kill(pid_, SIGKILL);
  // It holds nothing that could keep it.
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

task<bool> decoder_process::read(std::string& into) {
  auto const [error, got] = co_await asio::async_read(channel_, asio::buffer(into), as_values);
  co_return !error;
}

task<std::optional<result<rendered_image>>> decoder_process::carry_out(render_order const& order,
                                                                       std::string const& bytes,
                                                                       deadline limit) {
  channel_.expires_at(limit);
  auto const head = pack(order);
  auto const prefix = pack({.head = static_cast<std::uint32_t>(head.size()), .body = bytes.size()});
  std::array<asio::const_buffer, 3> const sent{asio::buffer(prefix), asio::buffer(head),
                                               asio::buffer(bytes)};
  auto const [error, written] = co_await asio::async_write(channel_, sent, as_values);
  if (error) co_return std::nullopt;
  std::string begin(frame_prefix_bytes, '\0');
  if (!co_await read(begin)) co_return std::nullopt;
  auto const lengths = read_prefix(begin);
  if (!lengths || lengths->body > most_answer_bytes) co_return std::nullopt;
  std::string answer(lengths->head, '\0');
  if (!co_await read(answer)) co_return std::nullopt;
  std::string body(lengths->body, '\0');
  if (!co_await read(body)) co_return std::nullopt;
  channel_.expires_never();
  auto out = read_answer(answer, body, order);
  if (!out && out.error().code == errc::bad_response) co_return std::nullopt;
  co_return out;
}

}  // namespace vinny
