// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "observe/metrics.hpp"

namespace vinny {
namespace {

void put(std::string& out, std::string_view name, std::string_view type, std::string_view help,
         double value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help,
                 type, value);
}

std::optional<double> as_number(std::string_view text) {
  double value = 0;
  auto const [at, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || at != text.end()) return std::nullopt;
  return value;
}

/// Seconds since the epoch at which the kernel started. Not from /proc/stat: under the unit's
/// ProcSubset=pid there is none.
double boot_time() {
  auto const seconds = [](clockid_t clock) {
    timespec t{};
    ::clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
  };
  return seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME);
}

/// Fields 3 and on of /proc/self/stat (proc(5)); the name before them may hold blanks.
std::vector<std::string> own_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string line;
  std::getline(file, line);
  auto const after_name = line.rfind(") ");
  if (after_name == std::string::npos) return {};
  std::vector<std::string> fields;
  for (auto const part : split(std::string_view{line}.substr(after_name + 2), ' ')) {
    fields.emplace_back(part);
  }
  return fields;
}

std::optional<double> open_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator it{"/proc/self/fd", error};
  double count = 0;
  for (; !error && it != std::filesystem::directory_iterator{}; it.increment(error)) ++count;
  if (error) return std::nullopt;
  return count - 1;  // without the one that counts
}

}  // namespace

std::string process_metrics() {
  std::string out;
  auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  auto const page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  auto const stat = own_stat();
  auto const of = [&stat](std::size_t number) {  // proc(5) counts from 1
    return number - 3 < stat.size() ? as_number(stat[number - 3]) : std::nullopt;
  };

  if (auto const user = of(14), system = of(15); user && system) {
    put(out, "process_cpu_seconds_total", "counter", "User and system CPU time in seconds.",
        (*user + *system) / ticks);
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    put(out, "process_max_fds", "gauge", "Most file descriptors that may be open.",
        static_cast<double>(limit.rlim_cur));
  }
  if (auto const count = open_descriptors()) {
    put(out, "process_open_fds", "gauge", "Open file descriptors.", *count);
  }
  if (auto const pages = of(24)) {
    put(out, "process_resident_memory_bytes", "gauge", "Resident memory in bytes.", *pages * page);
  }
  if (auto const start = of(22)) {
    put(out, "process_start_time_seconds", "gauge", "Start time in seconds since the epoch.",
        boot_time() + *start / ticks);
  }
  if (auto const threads = of(20)) {
    put(out, "process_threads", "gauge", "Threads of the process.", *threads);
  }
  if (auto const bytes = of(23)) {
    put(out, "process_virtual_memory_bytes", "gauge", "Virtual memory in bytes.", *bytes);
  }
  return out;
}

}  // namespace vinny
