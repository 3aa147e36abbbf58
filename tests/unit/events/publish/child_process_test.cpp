// SPDX-License-Identifier: MIT
#include "events/publish/child_process.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

result<child_outcome> shell(std::string script, child_command what = {}) {
  what.arguments = {"/bin/sh", "-c", std::move(script)};
  if (what.environment.empty()) what.environment = {{"PATH", "/usr/bin:/bin"}};
  return run_child(what);
}

}  // namespace

TEST_CASE("a child's streams and exit code come back apart") {
  auto const got = shell("echo out; echo err >&2; exit 7");
  REQUIRE(got);
  CHECK(got->exit_code == 7);
  CHECK(got->out == "out\n");
  CHECK(got->err == "err\n");
  CHECK_FALSE(got->cut);
  CHECK(shell("kill -9 $$")->exit_code == 137);
}

TEST_CASE("a child gets its own environment, folder, and nothing to read") {
  auto const got = shell("cat; pwd; echo \"$A-$HOME\"",
                         {.arguments = {}, .environment = {{"A", "x y"}}, .folder = "/usr"});
  REQUIRE(got);
  CHECK(got->out == "/usr\nx y-\n");
}

TEST_CASE("arguments are no shell's") {
  auto const got = run_child(
      {.arguments = {"/bin/echo", "$HOME; `id` 'x' \"y\""}, .environment = {}, .folder = {}});
  REQUIRE(got);
  CHECK(got->out == "$HOME; `id` 'x' \"y\"\n");
}

TEST_CASE("what is more than is kept is read and dropped") {
  auto const got = shell("head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2",
                         {.arguments = {}, .environment = {}, .folder = {}, .kept_bytes = 1000});
  REQUIRE(got);
  CHECK(got->exit_code == 0);
  CHECK(got->out == std::string(1000, 'x'));
  CHECK(got->err == "end\n");
  CHECK(got->cut);
}

TEST_CASE("a child that does not end is killed, and all it started") {
  auto const began = std::chrono::steady_clock::now();
  auto const got = shell("sleep 1000 & echo $!; wait",
                         {.arguments = {}, .environment = {}, .folder = {}, .patience = 300ms});
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::total_timeout);
  CHECK(std::chrono::steady_clock::now() - began < 3s);
}

TEST_CASE("a grandchild that keeps the pipes open is not waited for") {
  auto const began = std::chrono::steady_clock::now();
  auto const got = shell("sleep 1000 & echo $!");
  REQUIRE(got);
  CHECK(got->exit_code == 0);
  CHECK(std::chrono::steady_clock::now() - began < 3s);
  // The signal is on its way; who gets it takes a moment to die.
  auto const trace = "/proc/" + got->out.substr(0, got->out.size() - 1) + "/exe";
  while (std::filesystem::exists(trace) && std::chrono::steady_clock::now() - began < 10s) {
    std::this_thread::sleep_for(5ms);
  }
  CHECK_FALSE(std::filesystem::exists(trace));
}

TEST_CASE("a child that is told to stop ends soon") {
  std::atomic<bool> stop = false;
  std::thread teller{[&] {
    std::this_thread::sleep_for(200ms);
    stop = true;
  }};
  auto const got =
      shell("exec sleep 1000", {.arguments = {}, .environment = {}, .folder = {}, .stop = &stop});
  teller.join();
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::cancelled);
}

TEST_CASE("a program that is not there is named") {
  auto const got = run_child({.arguments = {"/nowhere/wrangler"}, .environment = {}, .folder = {}});
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::publish_tool);
  CHECK(got.error().message.find("/nowhere/wrangler") != std::string::npos);
}

TEST_CASE("programs are found in the folders of a path, never in the current one") {
  CHECK(find_program("sh", "/nowhere:/usr/bin:/bin")->filename() == "sh");
  CHECK_FALSE(find_program("sh", "/nowhere"));
  CHECK_FALSE(find_program("sh", ""));
  CHECK_FALSE(find_program("passwd", "/etc"));  // no program
  CHECK_FALSE(find_program("sh", "bin::."));
  CHECK(find_program("/bin/sh", "") == "/bin/sh");
}
