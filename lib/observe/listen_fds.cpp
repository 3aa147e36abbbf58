// SPDX-License-Identifier: MIT
#include "observe/listen_fds.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace vinny {
namespace {

constexpr int first_given = 3;  // SD_LISTEN_FDS_START
constexpr int most_given = 16;

int count_in(char const* variable) {
  auto const* const text = std::getenv(variable);
  if (text == nullptr) return 0;
  std::string_view const digits{text};
  int value = 0;
  auto const [end, error] = std::from_chars(digits.begin(), digits.end(), value);
  return error == std::errc{} && end == digits.end() ? value : 0;
}

}  // namespace

std::vector<int> take_listen_fds() {
  std::vector<int> out;
  if (count_in("LISTEN_PID") == ::getpid()) {
    auto const count = count_in("LISTEN_FDS");
    for (int fd = first_given; fd < first_given + count && count <= most_given; ++fd) {
      if (::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) out.push_back(fd);
    }
  }
  for (auto const* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  return out;
}

}  // namespace vinny
