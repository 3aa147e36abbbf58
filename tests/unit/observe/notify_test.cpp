// SPDX-License-Identifier: MIT
#include "observe/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

using namespace vinny;

namespace {

/// The service manager's end: a datagram socket at `address` ('@…': abstract), named in the
/// environment while it lives.
class manager {
 public:
  explicit manager(std::string address) : address_(std::move(address)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    REQUIRE(address_.size() < sizeof at.sun_path);
    std::memcpy(at.sun_path, address_.data(), address_.size());
    if (address_.front() == '@') at.sun_path[0] = '\0';
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr const*>(&at), length) == 0);
    ::setenv("NOTIFY_SOCKET", address_.c_str(), 1);
  }
  ~manager() {
    ::close(fd_);
    if (address_.front() == '/') ::unlink(address_.c_str());
    ::unsetenv("NOTIFY_SOCKET");
  }
  manager(manager const&) = delete;
  manager& operator=(manager const&) = delete;

  /// The next datagram; "nothing" when there is none.
  [[nodiscard]] std::string heard() const {
    char buffer[2048];
    auto const size = ::recv(fd_, buffer, sizeof buffer, 0);
    return size < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  std::string address_;
  int fd_ = -1;
};

std::string socket_path() {
  auto const name = "vinny-notify-" + std::to_string(::getpid());
  return std::filesystem::temp_directory_path() / name;
}

std::string abstract_name() {
  return "@vinny-notify-" + std::to_string(::getpid());
}

struct watchdog_environment {
  watchdog_environment(char const* interval, char const* pid) {
    if (interval != nullptr) ::setenv("WATCHDOG_USEC", interval, 1);
    if (pid != nullptr) ::setenv("WATCHDOG_PID", pid, 1);
  }
  ~watchdog_environment() {
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }
};

std::int64_t monotonic_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

TEST_CASE("each state is one datagram, on a path and on an abstract name") {
  auto const address = GENERATE(socket_path(), abstract_name());
  manager const listening{address};
  service_notifier const notifier;
  REQUIRE(notifier.active());
  CHECK(notifier.ready());
  CHECK(listening.heard() == "READY=1");
  CHECK(notifier.watchdog());
  CHECK(listening.heard() == "WATCHDOG=1");
  CHECK(notifier.stopping());
  CHECK(listening.heard() == "STOPPING=1");
  CHECK(notifier.extend_timeout(std::chrono::seconds{5}));
  CHECK(listening.heard() == "EXTEND_TIMEOUT_USEC=5000000");
  CHECK(notifier.status("run 01J, images 8/12"));
  CHECK(listening.heard() == "STATUS=run 01J, images 8/12");
  CHECK(listening.heard() == "nothing");
}

TEST_CASE("a reload carries the monotonic clock in microseconds") {
  manager const listening{abstract_name()};
  auto const before = monotonic_microseconds();
  CHECK(service_notifier{}.reloading());
  auto const after = monotonic_microseconds();
  auto const message = listening.heard();
  std::string const start = "RELOADING=1\nMONOTONIC_USEC=";
  REQUIRE(message.starts_with(start));
  auto const at = std::stoll(message.substr(start.size()));
  CHECK(at >= before);
  CHECK(at <= after);
}

TEST_CASE("a status cannot smuggle in another assignment") {
  manager const listening{abstract_name()};
  CHECK(service_notifier{}.status("a\nREADY=1\r\nb"));
  CHECK(listening.heard() == "STATUS=a READY=1  b");
}

TEST_CASE("a long status is cut at a character's border") {
  manager const listening{abstract_name()};
  std::string text{"x"};
  while (text.size() < 2000) text += "é";
  CHECK(service_notifier{}.status(text));
  auto const message = listening.heard();
  CHECK(message == "STATUS=" + text.substr(0, 511));
}

TEST_CASE("without a service manager nothing happens") {
  auto const address = GENERATE(std::string{}, std::string{"relative"}, std::string{"@"},
                                "/" + std::string(200, 'x'), std::string{"vsock:2:1"});
  ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
  service_notifier const notifier;
  ::unsetenv("NOTIFY_SOCKET");
  CHECK_FALSE(notifier.active());
  CHECK_FALSE(notifier.ready());
  CHECK_FALSE(service_notifier{}.active());
}

TEST_CASE("a manager that has gone is no failure of ours") {
  ::setenv("NOTIFY_SOCKET", abstract_name().c_str(), 1);
  service_notifier const notifier;
  ::unsetenv("NOTIFY_SOCKET");
  CHECK(notifier.active());
  CHECK_FALSE(notifier.ready());
}

TEST_CASE("the watchdog's interval is taken when it is meant for this process") {
  using std::chrono::microseconds;
  auto const own = std::to_string(::getpid());
  auto const parent = std::to_string(::getppid());
  struct row {
    char const* interval;
    char const* pid;
    std::optional<microseconds> expected;
  };
  auto const [interval, pid, expected] = GENERATE_COPY(
      row{"30000000", nullptr, microseconds{30'000'000}},
      row{"30000000", own.c_str(), microseconds{30'000'000}},
      row{"30000000", parent.c_str(), std::nullopt}, row{"30000000", "none", std::nullopt},
      row{"30000000", "", std::nullopt}, row{"0", nullptr, std::nullopt},
      row{"-5", nullptr, std::nullopt}, row{"soon", nullptr, std::nullopt},
      row{"30s", nullptr, std::nullopt}, row{nullptr, nullptr, std::nullopt});
  watchdog_environment const environment{interval, pid};
  CHECK(service_notifier{}.watchdog_interval() == expected);
}
