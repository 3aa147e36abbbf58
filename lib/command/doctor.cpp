// SPDX-License-Identifier: MIT
#include "command/doctor.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "run/health/doctor.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds patience{15};

std::string_view colour_of(finding::state how) noexcept {
  switch (how) {
    case finding::state::ok:
      return "\x1b[32m";
    case finding::state::warn:
      return "\x1b[33m";
    case finding::state::fail:
      return "\x1b[31m";
    case finding::state::skipped:
      break;
  }
  return "\x1b[2m";
}

void print(std::vector<finding> const& all, output_options const& how) {
  bool const colours =
      ::isatty(STDOUT_FILENO) == 1 && !how.no_color && std::getenv("NO_COLOR") == nullptr;
  for (auto const& one : all) {
    if (how.quiet && one.how != finding::state::fail) continue;
    fmt::print("{}{:<7}{} {:<13}  {}\n", colours ? colour_of(one.how) : "", name(one.how),
               colours ? "\x1b[0m" : "", one.name, one.message);
    if (!one.cure.empty()) fmt::print("{:<23}→ {}\n", "", one.cure);
  }
}

void print_json(std::vector<finding> const& all, bool healthy) {
  json::array checks;
  for (auto const& one : all) {
    checks.push_back({{"name", one.name},
                      {"state", name(one.how)},
                      {"message", one.message},
                      {"cure", one.cure.empty() ? json::value{} : json::value(one.cure)}});
  }
  fmt::print("{}\n",
             json::serialize(json::object{{"healthy", healthy}, {"checks", std::move(checks)}}));
}

}  // namespace

int run_doctor(config const& settings, output_options const& how) {
  asio::io_context loop{1};
  asio::thread_pool cpu{1};
  std::vector<finding> found;
  asio::co_spawn(loop, examine(settings, cpu, patience),
                 [&](std::exception_ptr const& error, std::vector<finding> all) {
                   if (error) std::rethrow_exception(error);
                   found = std::move(all);
                   loop.stop();
                 });
  loop.run();
  bool const healthy = std::ranges::none_of(
      found, [](finding const& one) { return one.how == finding::state::fail; });
  if (how.json) {
    print_json(found, healthy);
  } else {
    print(found, how);
  }
  std::fflush(stdout);
  return healthy ? exit_code::done : exit_code::failed;
}

}  // namespace vinny
