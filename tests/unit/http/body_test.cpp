// SPDX-License-Identifier: MIT
#include "http/wire/body.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

struct undone {
  result<> outcome{};
  std::string body{};
  std::size_t taken = 0;
  bool done = false;
};

/// In pieces of so many bytes.
undone undo(body_reader framed, std::string_view bytes, std::size_t piece) {
  undone out;
  while (out.taken < bytes.size() && !framed.done()) {
    auto const step = framed.feed(bytes.substr(out.taken, piece), out.body);
    if (!step) {
      out.outcome = std::unexpected(step.error());
      return out;
    }
    out.taken += *step;
  }
  out.done = framed.done();
  return out;
}

body_reader chunked(std::size_t room = 1000) {
  return {{.end = body_end::chunk}, room};
}

}  // namespace

TEST_CASE("chunks are undone as they come, in pieces of any size") {
  struct row {
    char const* bytes;
    char const* body;
    std::size_t taken;
  };
  auto const [bytes, body, taken] = GENERATE(values<row>({
      {"5\r\nhello\r\n0\r\n\r\n", "hello", 15},
      {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nHTTP/1.1", "hello world", 26},
      {"0\r\n\r\n", "", 5},
      {"5\nhello\n0\n\n", "hello", 11},
      {"5 \t\r\nhello\r\n0  \r\n\r\n", "hello", 19},
      {"00005\r\nhello\r\n000\r\n\r\n", "hello", 21},
      {"a\r\n0123456789\r\n0\r\n\r\n", "0123456789", 20},
      {"A;x=y;z\r\n0123456789\r\n0;last\r\n\r\n", "0123456789", 31},
      {"5 ; x\r\nhello\r\n0\r\nTrailer: x\r\nB: c\r\n\r\n", "hello", 37},
      {"5\r\nhello\r\n0\r\nTrailer: x\n\nrest", "hello", 25},
  }));
  for (std::size_t piece = 1; piece < 40; ++piece) {
    CAPTURE(bytes, piece);
    auto const out = undo(chunked(), bytes, piece);
    CHECK(out.outcome.has_value());
    CHECK(out.done);
    CHECK(out.body == body);
    CHECK(out.taken == taken);
  }
}

TEST_CASE("what is no chunk ends the body") {
  auto const* const bytes =
      GENERATE("\r\n", "g\r\n", "-5\r\nhello", " 5\r\nhello", "0x5\r\nhello", "5hello", ";x\r\n",
               "5\r\nhello!\r\n", "5\r\nhello0\r\n\r\n", "11111111111111111\r\n", "5,\r\nhello");
  for (std::size_t const piece : {1U, 3U, 64U}) {
    CAPTURE(bytes, piece);
    auto const out = undo(chunked(), bytes, piece);
    REQUIRE_FALSE(out.outcome);
    CHECK(out.outcome.error().code == errc::bad_response);
  }
}

TEST_CASE("what is no data is bounded") {
  auto const fails = [](std::string const& bytes) {
    auto const out = undo(chunked(1000), bytes, 4096);
    return !out.outcome && out.outcome.error().code == errc::bad_response;
  };
  CHECK(fails("1;" + std::string(100'000, 'a')));
  CHECK(fails("1" + std::string(100'000, ' ')));
  CHECK(fails("1\r\nx" + std::string(100'000, '\r')));
  CHECK(fails("0\r\n" + std::string(1'001, 'a')));
  CHECK(fails("0\r\nA: b\r\n" + std::string(2'000, 'a')));
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n";
  CHECK(fails(many));
  // Extensions in proportion to the data that they come with are no trouble.
  std::string usual;
  for (int i = 0; i < 1'000; ++i) {
    usual +=
        "100;chunk-signature=" + std::string(64, 'a') + "\r\n" + std::string(256, 'x') + "\r\n";
  }
  auto const out = undo(chunked(), usual + "0\r\n\r\n", 4096);
  CHECK(out.done);
  CHECK(out.body.size() == 256'000);
}

TEST_CASE("a body by its length takes its own bytes and no more") {
  body_reader framed{{.end = body_end::length, .length = 5}, 0};
  CHECK(framed.plain_ahead() == 5);
  std::string body;
  CHECK(framed.feed("hel", body) == 3U);
  CHECK(framed.plain_ahead() == 2);
  CHECK_FALSE(framed.whole_at_end(true));
  CHECK(framed.feed("lo, world", body) == 2U);
  CHECK(framed.done());
  CHECK(body == "hello");
  CHECK(framed.whole_at_end(false));
}

TEST_CASE("a body up to the connection's end is whole when that came in order") {
  body_reader framed{{.end = body_end::connection}, 0};
  std::string body;
  CHECK(framed.feed("hello", body) == 5U);
  CHECK_FALSE(framed.done());
  CHECK(framed.whole_at_end(true));
  CHECK_FALSE(framed.whole_at_end(false));
}
