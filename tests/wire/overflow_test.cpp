// SPDX-License-Identifier: MIT
// Bodies that go on to somebody else as they come: request::overflow.
#include "support/polite_web.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;

namespace {

constexpr auto piece_bytes = most_in_memory;

struct taker {
  std::string bytes{};
  int answers = 0;
  std::size_t largest = 0;
  std::optional<failure> refuses{};

  task<result<>> take(std::string piece, bool first) {
    if (first) {
      ++answers;
      bytes.clear();
    }
    largest = std::max(largest, piece.size());
    bytes += piece;
    if (refuses) co_return std::unexpected(*refuses);
    co_return result<>{};
  }
};

/// Bytes of which none is like the one before.
std::string many(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 31 + i / 251);
  return out;
}

result<response> ask(taker& to, loopback_server::script how, std::int64_t max_body = 64LL << 20) {
  loopback_server server{std::move(how)};
  polite_web web{quick_config(server, {"site.test:80", "other.test:80"})};
  auto what = get("http://site.test/");
  what.max_body = max_body;
  what.overflow = [&to](std::string piece, bool first) { return to.take(std::move(piece), first); };
  return web.send(what);
}

result<response> ask(taker& to, std::string const& reply, std::int64_t max_body = 64LL << 20) {
  return ask(to, loopback_server::saying(reply), max_body);
}

}  // namespace

TEST_CASE("a small body stays in memory") {
  taker to;
  auto const body = many(piece_bytes - 1);
  auto const got = ask(to, answer(200, body));
  REQUIRE(got);
  CHECK(got->body == body);
  CHECK(got->overflowed == 0);
  CHECK(to.answers == 0);
}

TEST_CASE("of a large body memory holds little, whatever tells its end") {
  auto const body = many(5 * piece_bytes + 12'345);
  auto const reply = GENERATE_COPY(
      as<std::string>{}, answer(200, body), "HTTP/1.1 200 OK\r\n\r\n" + body,
      fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                  body.size(), body));
  taker to;
  auto const got = ask(to, reply);
  REQUIRE(got);
  CHECK(to.answers == 1);
  CHECK(to.largest < 2 * piece_bytes);
  CHECK(got->overflowed == static_cast<std::int64_t>(to.bytes.size()));
  CHECK(got->body.size() < piece_bytes);
  CHECK(to.bytes + got->body == body);
}

TEST_CASE("a large body may have as many bytes as are allowed, and not one more") {
  auto const size = static_cast<std::int64_t>(3 * piece_bytes);
  auto const body = many(3 * piece_bytes);
  auto const announced = GENERATE(true, false);
  auto const reply = announced ? answer(200, body) : "HTTP/1.1 200 OK\r\n\r\n" + body;
  taker to;
  CHECK(ask(to, reply, size));
  auto const more = ask(to, reply, size - 1);
  REQUIRE_FALSE(more);
  CHECK(more.error().code == errc::body_too_large);
}

TEST_CASE("what is no plain success does not overflow, and fills no memory either") {
  taker to;
  auto const body = many(4 * piece_bytes);
  auto const gone = ask(to, answer(404, body));
  REQUIRE(gone);
  CHECK(gone->status == 404);
  CHECK(gone->body.size() < 2 * piece_bytes);
  auto const part = ask(to, answer(206, body));
  REQUIRE(part);
  CHECK(part->body.size() < 2 * piece_bytes);
  auto const encoded = ask(to, answer(200, many(static_cast<std::size_t>(most_encoded) + 1),
                                      {{"Content-Encoding", "gzip"}}));
  REQUIRE_FALSE(encoded);
  CHECK(encoded.error().code == errc::bad_encoding);
  CHECK(to.answers == 0);
}

TEST_CASE("a body that is cut off fails, however much of it has gone on") {
  taker to;
  auto const body = many(3 * piece_bytes);
  auto const got = ask(
      to, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size() + 1, body));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::short_body);
}

TEST_CASE("who cannot take a piece ends the answer with the reason") {
  taker to;
  to.refuses = failure{errc::disk_full, "no space"};
  auto const got = ask(to, answer(200, many(3 * piece_bytes)));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::disk_full);
  CHECK(to.answers == 1);
}

TEST_CASE("only the last of several answers is the body") {
  taker to;
  auto const body = many(2 * piece_bytes + 7);
  auto const got = ask(to, [&](auto& visit) {
    if (visit.request.target == "/") {
      visit.send(answer(302, many(3 * piece_bytes), {{"Location", "http://other.test/it"}}));
    } else {
      visit.send(answer(200, body));
    }
  });
  REQUIRE(got);
  CHECK(to.answers == 1);
  CHECK(to.bytes + got->body == body);
}

TEST_CASE("no memory is taken for a length that is only announced") {
  auto const length = GENERATE(std::int64_t{1} << 50, std::int64_t{1} << 38);
  auto const reply = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\nx", length);
  taker to;
  auto const got = ask(to, reply);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::body_too_large);
  // Cut off, it may come: a robots.txt of any length.
  loopback_server server{loopback_server::saying(reply)};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto what = get("http://site.test/");
  what.cut_body = true;
  what.max_body = 1;
  CHECK(web.send(what));
}

TEST_CASE("room for an answer is given back before the next hop asks for some") {
  // Held over the redirect, it would be missing to those who are before it in the host's line.
  loopback_server server{[](auto& visit) {
    if (visit.request.target.starts_with("/from")) {
      visit.send(answer(302, "", {{"Location", "/to" + visit.request.target.substr(5)}}));
    } else {
      visit.send(answer(200, "image"));
    }
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  int most = 0;
  int held = 0;
  auto what = get("http://site.test/from");
  what.admit = [&](deadline) -> task<result<std::shared_ptr<void>>> {
    most = std::max(most, ++held);
    co_return std::shared_ptr<void>{&held, [](void* count) { --*static_cast<int*>(count); }};
  };
  {
    auto const got = web.send(what);
    REQUIRE(got);
    CHECK(got->body == "image");
    CHECK(held == 1);
  }
  CHECK(held == 0);
  CHECK(most == 1);
}
