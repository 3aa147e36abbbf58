// SPDX-License-Identifier: MIT
#include "observe/notify.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_status = 512;
constexpr timeval send_patience{.tv_sec = 0, .tv_usec = 200'000};

std::optional<std::int64_t> number_in(char const* variable) {
  auto const* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  std::string_view const digits{text};
  std::int64_t value = 0;
  auto const [at, error] = std::from_chars(digits.begin(), digits.end(), value);
  if (error != std::errc{} || at != digits.end()) return std::nullopt;
  return value;
}

}  // namespace

service_notifier::service_notifier() {
  if (auto const* const path = std::getenv("NOTIFY_SOCKET")) {
    std::string_view const text{path};
    auto const fits = text.size() > 1 && text.size() < sizeof(sockaddr_un::sun_path);
    if (fits && (text.front() == '/' || text.front() == '@')) address_ = text;
  }
  auto const microseconds = number_in("WATCHDOG_USEC").value_or(0);
  auto const* const pid_text = std::getenv("WATCHDOG_PID");
  auto const ours = pid_text == nullptr || number_in("WATCHDOG_PID") == ::getpid();
  if (microseconds > 0 && ours) watchdog_interval_ = std::chrono::microseconds{microseconds};
}

bool service_notifier::send(std::string_view message) const noexcept {
  if (address_.empty()) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  if (address_.front() == '@') to.sun_path[0] = '\0';  // an abstract name (unix(7))

  auto const fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send_patience, sizeof send_patience);
  auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  auto const sent = ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<sockaddr const*>(&to), length);
  ::close(fd);
  return sent == static_cast<ssize_t>(message.size());
}

bool service_notifier::ready() const noexcept {
  return send("READY=1");
}

bool service_notifier::stopping() const noexcept {
  return send("STOPPING=1");
}

bool service_notifier::watchdog() const noexcept {
  return send("WATCHDOG=1");
}

bool service_notifier::status(std::string_view text) const noexcept {
  constexpr std::string_view key = "STATUS=";
  std::array<char, key.size() + max_status> buffer{};
  auto const shown = clip(text, max_status);
  auto out = std::ranges::copy(key, buffer.begin()).out;
  // A line break would begin another assignment.
  for (char const c : shown) *out++ = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return send({buffer.data(), key.size() + shown.size()});
}

bool service_notifier::reloading() const noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  auto const microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  std::array<char, 64> buffer{};
  auto const end = fmt::format_to_n(buffer.data(), buffer.size(), "RELOADING=1\nMONOTONIC_USEC={}",
                                    microseconds);
  return send({buffer.data(), end.size});
}

bool service_notifier::extend_timeout(std::chrono::microseconds more) const noexcept {
  std::array<char, 64> buffer{};
  auto const end =
      fmt::format_to_n(buffer.data(), buffer.size(), "EXTEND_TIMEOUT_USEC={}", more.count());
  return send({buffer.data(), end.size});
}

}  // namespace vinny
