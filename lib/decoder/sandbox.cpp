// SPDX-License-Identifier: MIT
#include "decoder/sandbox.hpp"

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <initializer_list>
#include <memory>

namespace vinny {
namespace {

constexpr int low_priority = 10;
constexpr unsigned first_inherited = 3;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VINNY_SANITIZED 1
#endif
#endif
#ifdef VINNY_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

std::unexpected<failure> cannot(std::string_view what, int error) {
  return fail(errc::internal, fmt::format("{}: {}", what, std::strerror(error)));
}

result<> limit(__rlimit_resource what, rlim_t most) {
  rlimit const bound{.rlim_cur = most, .rlim_max = most};
  if (::setrlimit(what, &bound) != 0) return cannot("a limit cannot be set", errno);
  return {};
}

struct release_filter {
  void operator()(void* filter) const noexcept { seccomp_release(filter); }
};

/// What malloc, reading a socket and writing to it need, and no more.
result<> allow_little() {
  std::unique_ptr<void, release_filter> const filter{seccomp_init(SCMP_ACT_KILL_PROCESS)};
  if (!filter) return fail(errc::internal, "no seccomp filter can be made");
  for (int const call :
       {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
        SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall)}) {
    if (int const error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0); error != 0) {
      return cannot("a seccomp rule cannot be made", -error);
    }
  }
  // Memory of its own, none that can be executed.
  scmp_arg_cmp const no_code{
      .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
  for (int const call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    int const error = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &no_code);
    if (error != 0) return cannot("a seccomp rule cannot be made", -error);
  }
  if (int const error = seccomp_load(filter.get()); error != 0) {
    return cannot("the seccomp filter is not taken", -error);
  }
  return {};
}

}  // namespace

result<> confine() {
  if (::close_range(first_inherited, ~0U, 0) != 0) return cannot("close_range", errno);
  ::prctl(PR_SET_NAME, "vinny-decoder");
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::setpriority(PRIO_PROCESS, 0, low_priority);
  for (auto const what : {RLIMIT_CORE, RLIMIT_FSIZE}) {
    if (auto const done = limit(what, 0); !done) return done;
  }
  if constexpr (sanitized) return {};
  ::prctl(PR_SET_DUMPABLE, 0);
  if (auto const done = limit(RLIMIT_AS, decoder_memory_bytes); !done) return done;
  return allow_little();
}

}  // namespace vinny
