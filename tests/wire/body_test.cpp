// SPDX-License-Identifier: MIT
#include "support/deflated.hpp"
#include "support/polite_web.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;

namespace {

result<response> ask(std::string const& reply, std::int64_t max_body = 16LL << 20) {
  loopback_server server{loopback_server::saying(reply)};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto what = get("http://site.test/");
  what.max_body = max_body;
  return web.send(what);
}

errc code_of(result<response> const& got) {
  return got ? errc{} : got.error().code;
}

std::string chunked(std::vector<std::string> const& pieces) {
  std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (auto const& one : pieces) out += fmt::format("{:x}\r\n{}\r\n", one.size(), one);
  return out + "0\r\n\r\n";
}

}  // namespace

TEST_CASE("compressed bodies are decoded") {
  std::string const page(100'000, 'p');
  auto const [encoding, body] = GENERATE_COPY(table<std::string, std::string>({
      {"gzip", gzipped(page)},
      {"GZIP", gzipped(page)},
      {"x-gzip", gzipped(page)},
      {"deflate", deflated(page, wrapping::zlib)},
      {"deflate", deflated(page, wrapping::none)},
      {"gzip", gzipped(page.substr(0, 40'000)) + gzipped(page.substr(40'000))},
      {"identity", page},
  }));
  auto const got = ask(answer(200, body, {{"Content-Encoding", encoding}}));
  INFO(encoding);
  REQUIRE(got);
  CHECK(got->body == page);
}

TEST_CASE("a body that decodes to more than is allowed is a bomb") {
  auto const bomb = gzipped(std::string(4 << 20, '\0'));
  REQUIRE(bomb.size() < 64 * 1024);
  auto const reply = answer(200, bomb, {{"Content-Encoding", "gzip"}});
  CHECK(code_of(ask(reply, 64 * 1024)) == errc::inflate_bomb);
  CHECK(code_of(ask(reply, (4 << 20) - 1)) == errc::inflate_bomb);
  CHECK(ask(reply, 4 << 20).has_value());
}

TEST_CASE("broken and unknown encodings are bad_encoding") {
  auto const whole = gzipped("some text that is long enough to be cut");
  auto const [encoding, body] = GENERATE_COPY(table<std::string, std::string>({
      {"gzip", whole.substr(0, whole.size() - 5)},
      {"gzip", "not gzip at all"},
      {"br", "whatever"},
      {"gzip, br", gzipped(whole)},
  }));
  INFO(encoding);
  CHECK(code_of(ask(answer(200, body, {{"Content-Encoding", encoding}}))) == errc::bad_encoding);
}

TEST_CASE("gzip is asked for with pages and never with images") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto what = get("http://site.test/page");
  REQUIRE(web.send(what));
  what.accept_gzip = false;
  REQUIRE(web.send(what));
  auto const seen = server.seen();
  CHECK(seen.at(0).header("Accept-Encoding") == "gzip");
  CHECK(seen.at(1).header("Accept-Encoding") == "identity");
}

TEST_CASE("a body over the limit is refused, announced or not") {
  std::string const ten(10, 'x');
  CHECK(ask(answer(200, ten), 10).has_value());
  CHECK(code_of(ask(answer(200, ten), 9)) == errc::body_too_large);
  CHECK(ask(chunked({"12345", "67890"}), 10).has_value());
  CHECK(code_of(ask(chunked({"12345", "67890"}), 9)) == errc::body_too_large);
  CHECK(ask("HTTP/1.0 200 OK\r\n\r\n" + ten, 10).has_value());
  CHECK(code_of(ask("HTTP/1.0 200 OK\r\n\r\n" + ten, 9)) == errc::body_too_large);
}

TEST_CASE("an announced body over the limit is refused before it comes") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n");
    visit.wait_for_close();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  CHECK(code_of(got) == errc::body_too_large);
  // Its host is in good health all the same.
  CHECK(web.hosts.lanes().of("site.test").state.consecutive_failures() == 0);
}

TEST_CASE("chunked bodies without end stop at the limit") {
  std::atomic<int> written = 0;
  loopback_server server{[&](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string const piece = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    for (; written < 1000 && visit.pause({}); ++written) visit.send(piece);
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto what = get("http://site.test/");
  what.max_body = 256 * 1024;
  CHECK(code_of(web.send(what)) == errc::body_too_large);
  CHECK(written < 1000);
}

TEST_CASE("fewer bytes than were promised are a short body") {
  CHECK(code_of(ask("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) == errc::short_body);
  CHECK(code_of(ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")) ==
        errc::short_body);
  CHECK(code_of(ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n")) ==
        errc::short_body);
}

TEST_CASE("a reset in the body loses the connection") {
  loopback_server server{[](auto& visit) {
    if (visit.request.number > 0) return visit.wait_for_close();
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nbegun");
    visit.pause(std::chrono::milliseconds{50});  // so that the head is read before the reset
    visit.reset();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  CHECK(code_of(web.fetch("http://site.test/")) == errc::connection_lost);
  CHECK(server.seen().size() == 1);
}

TEST_CASE("a body may be empty, ended by the connection, or in many small pieces") {
  CHECK(ask(answer(204)).value().status == 204);
  CHECK(ask(answer(200)).value().body.empty());
  CHECK(ask(chunked({})).value().body.empty());
  CHECK(ask("HTTP/1.1 200 OK\r\n\r\nuntil the end").value().body == "until the end");
  CHECK(ask(chunked({"a", "bc", "def"})).value().body == "abcdef");
}

TEST_CASE("of a refusal the head is the verdict, whatever becomes of its body") {
  struct row {
    std::string reply;
    int status;
  };
  auto const [reply, status] = GENERATE(values<row>({
      {"HTTP/1.1 404 Gone\r\nContent-Length: 1000\r\n\r\nabc", 404},
      {"HTTP/1.1 404 Gone\r\nContent-Length: 99999999999\r\n\r\nabc", 404},
      {"HTTP/1.1 403 No\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc", 403},
      {"HTTP/1.1 403 No\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 403},
      {"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 500},
  }));
  INFO(reply);
  loopback_server server{loopback_server::saying(reply)};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  REQUIRE(got);
  CHECK(got->status == status);
}

TEST_CASE("a redirect is followed whatever becomes of its body") {
  auto const rest =
      GENERATE(as<std::string>{}, "Content-Length: 1000\r\n\r\nabc",
               "Content-Length: 99999999999\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nab");
  loopback_server server{[&](auto& visit) {
    if (visit.request.target == "/new") return visit.send(answer(200, "here"));
    visit.send("HTTP/1.1 302 Found\r\nLocation: /new\r\n" + rest);
    visit.half_close();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/old");
  INFO(rest);
  REQUIRE(got);
  CHECK(got->body == "here");
}

TEST_CASE("what is no HTTP is shown") {
  loopback_server server{loopback_server::saying("SSH-2.0-OpenSSH_9.2\r\n")};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::bad_response));
  CHECK(got.error().message.contains("SSH-2.0"));
}
