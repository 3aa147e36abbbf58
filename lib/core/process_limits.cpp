// SPDX-License-Identifier: MIT
#include "core/process_limits.hpp"

#include <malloc.h>
#include <sys/resource.h>

namespace vinny {

void set_process_limits() noexcept {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  // Otherwise the heap's end is given back and faulted in again with every body.
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

void keep_large_buffers() noexcept {
  ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
}

}  // namespace vinny
