// SPDX-License-Identifier: MIT
#include "core/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace vinny {

void secure_standard_streams() noexcept {
  // open() takes the lowest number that is free.
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return;
  }
}

}  // namespace vinny
