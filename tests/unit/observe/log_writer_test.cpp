// SPDX-License-Identifier: MIT
#include "observe/log_writer.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

/// A pipe whose reader reads when it is told to.
class slow_reader {
 public:
  slow_reader() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
  slow_reader(slow_reader const&) = delete;
  slow_reader& operator=(slow_reader const&) = delete;
  ~slow_reader() {
    for (int const fd : ends_) {
      if (fd >= 0) ::close(fd);
    }
  }
  [[nodiscard]] int fd() const { return ends_[1]; }
  void go() {
    ::close(ends_[0]);
    ends_[0] = -1;
  }
  /// So many bytes; fewer when they do not come.
  std::string read(std::size_t count) {
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string out;
    auto const limit = std::chrono::steady_clock::now() + 30s;
    std::array<char, 65536> bytes{};
    while (out.size() < count && std::chrono::steady_clock::now() < limit) {
      auto const got = ::read(ends_[0], bytes.data(), std::min(bytes.size(), count - out.size()));
      if (got > 0) {
        out.append(bytes.data(), static_cast<std::size_t>(got));
      } else {
        ::usleep(1000);
      }
    }
    return out;
  }
  std::string read_what_is_there() {
    std::array<char, 65536> bytes{};
    auto const got = ::read(ends_[0], bytes.data(), bytes.size());
    return got > 0 ? std::string(bytes.data(), static_cast<std::size_t>(got)) : std::string{};
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::string tell(std::uint64_t lost) {
  return "lost " + std::to_string(lost) + '\n';
}

}  // namespace

TEST_CASE("lines come in order, and flush() waits for them") {
  slow_reader reader;
  log_writer writer{reader.fd(), tell};
  for (int i = 0; i < 100; ++i) writer.put(std::to_string(i) + '\n');
  CHECK(writer.flush(5s));
  std::string wanted;
  for (int i = 0; i < 100; ++i) wanted += std::to_string(i) + '\n';
  CHECK(reader.read(wanted.size()) == wanted);
  CHECK(reader.read_what_is_there().empty());
  CHECK(writer.lost() == 0);
}

TEST_CASE("a reader who stops costs lines and no time, and is told how many") {
  slow_reader reader;
  constexpr std::size_t waiting = 200'000;
  log_writer writer{reader.fd(), tell, waiting};
  std::string const line = std::string(99, 'x') + '\n';
  auto const began = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) writer.put(line);
  CHECK(std::chrono::steady_clock::now() - began < 2s);
  CHECK_FALSE(writer.flush(20ms));
  CHECK(writer.lost() > 10'000 - (waiting + 66'000) / 100 - 2);

  // Some may be told of earlier than others: the thread takes lines whenever it likes.
  std::string text;
  auto const told = [&text] {
    std::uint64_t out = 0;
    for (auto at = text.find("lost "); at != std::string::npos; at = text.find("lost ", at + 1)) {
      if (text.find('\n', at) != std::string::npos) out += std::stoull(text.substr(at + 5));
    }
    return out;
  };
  while (told() < writer.lost()) {
    auto const some = reader.read(1);
    REQUIRE_FALSE(some.empty());
    text += some + reader.read_what_is_there();
  }
  CHECK(told() == writer.lost());
  CHECK(static_cast<std::uint64_t>(std::ranges::count(text, 'x')) ==
        (10'000 - writer.lost()) * (line.size() - 1));
  writer.put("after\n");
  CHECK(reader.read(6) == "after\n");
}

TEST_CASE("what is said when there is room again stands behind the count of what was lost") {
  slow_reader reader;
  log_writer writer{reader.fd(), tell, 100};
  // The pipe holds 64 KiB: the thread waits in the middle of this one.
  writer.put(std::string(100, 'a'));
  CHECK(writer.flush(5s));
  std::string const large(90'000, 'b');
  log_writer full{reader.fd(), tell, 100'000};
  full.put(large);
  full.put(std::string(20'000, 'c'));
  CHECK(full.lost() == 1);
  full.put("d\n");
  auto const all = std::string(100, 'a') + large + "lost 1\nd\n";
  CHECK(reader.read(all.size()) == all);
}

TEST_CASE("nobody at the other end: lines are dropped, and nothing waits") {
  ::signal(SIGPIPE, SIG_IGN);
  slow_reader reader;
  reader.go();
  log_writer writer{reader.fd(), tell};
  for (int i = 0; i < 100; ++i) writer.put("x\n");
  CHECK(writer.flush(5s));
}

TEST_CASE("a writer ends although its line cannot be written") {
  slow_reader reader;
  log_writer writer{reader.fd(), tell};
  writer.put(std::string(100'000, 'x'));
}

TEST_CASE("a descriptor that does not block is waited for") {
  slow_reader reader;
  ::fcntl(reader.fd(), F_SETFL, O_NONBLOCK);
  log_writer writer{reader.fd(), tell};
  std::string const line(300'000, 'x');
  writer.put(line);
  CHECK(reader.read(line.size()) == line);
}
