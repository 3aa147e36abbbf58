// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>

#include "policy/classify.hpp"
#include "support/bucket.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

std::string error_body(std::string const& code) {
  return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>";
}
std::string quoted_md5(std::string_view body) {
  return '"' + md5_hex(body) + '"';
}
/// What a store answers to a PUT that it took.
std::string taken(seen_request const& asked) {
  return answer(200, {}, {{"ETag", quoted_md5(asked.body)}});
}
std::size_t with_method(loopback_server const& server, std::string_view method) {
  return static_cast<std::size_t>(std::ranges::count(server.seen(), method, &seen_request::method));
}

}  // namespace

TEST_CASE("a put says what S3 wants to know, and nothing else") {
  loopback_server server{[](auto& visit) { visit.send(taken(visit.request)); }};
  auto settings = at_loopback(server);
  settings.prefix = "p/";
  bucket at{settings};
  auto const put = at.put(at.file("artists/x/ü.jpg", "the bytes"));
  REQUIRE(put);
  CHECK(put->etag == md5_hex("the bytes"));
  CHECK(put->bytes == 9);
  CHECK(put->sent);
  CHECK_FALSE(put->replaced);
  REQUIRE(server.seen().size() == 1);
  auto const asked = server.seen()[0];
  CHECK(asked.method == "PUT");
  CHECK(asked.target == "/s3/images/p/artists/x/%C3%BC.jpg");
  CHECK(asked.body == "the bytes");
  CHECK(asked.header("Content-Length") == "9");
  CHECK(asked.header("Content-Type") == "image/jpeg");
  CHECK(asked.header("Cache-Control") == "public, max-age=86400");
  CHECK(asked.header("Content-MD5") == base64_of_hex(md5_hex("the bytes")));
  CHECK(asked.header("x-amz-content-sha256") == sha256_hex("the bytes"));
  CHECK(asked.header("x-amz-meta-sha256") == sha256_hex("the bytes"));
  CHECK(asked.header("If-None-Match") == "*");
  CHECK(asked.header("Authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKIDTEST/"));
  for (auto const* name : {"Expect", "Transfer-Encoding", "x-amz-acl", "Content-Encoding"}) {
    CHECK(asked.header(name).empty());
  }
  // Everything that says something is signed.
  for (auto const* name : {"host", "content-md5", "content-type", "if-none-match",
                           "x-amz-content-sha256", "x-amz-date", "x-amz-meta-sha256"}) {
    CHECK(asked.header("Authorization").find(name) != std::string_view::npos);
  }
}

TEST_CASE("an ACL is sent when it is configured") {
  loopback_server server{[](auto& visit) { visit.send(taken(visit.request)); }};
  auto settings = at_loopback(server);
  settings.acl = "public-read";
  settings.cache_control.clear();
  bucket at{settings};
  REQUIRE(at.put(at.file("a.jpg", "x")));
  CHECK(server.seen().at(0).header("x-amz-acl") == "public-read");
  CHECK(server.seen().at(0).header("Cache-Control").empty());
}

TEST_CASE("an object that is there already is recognised by its digest, and not sent again") {
  bool const same = GENERATE(true, false);
  loopback_server server{[&](auto& visit) {
    auto const& asked = visit.request;
    if (asked.method == "HEAD") {
      std::string const there = same ? "content" : "kontent";
      return visit.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: " + quoted_md5(there) +
                        "\r\n\r\n");
    }
    if (!asked.header("If-None-Match").empty()) {
      return visit.send(answer(412, error_body("PreconditionFailed")));
    }
    visit.send(taken(asked));
  }};
  bucket at{at_loopback(server)};
  auto const put = at.put(at.file("a.jpg", "content"));
  REQUIRE(put);
  CHECK(put->sent == !same);
  CHECK(put->replaced == !same);
  CHECK(put->etag == md5_hex("content"));
  CHECK(with_method(server, "PUT") == (same ? 1 : 2));
  // The next first sight is a question first: where one was, more are.
  REQUIRE(at.put(at.file("b.jpg", "content")));
  CHECK(server.seen().at(same ? 2 : 3).method == "HEAD");
}

TEST_CASE("what the ledger knows is put without a question") {
  loopback_server server{[](auto& visit) { visit.send(taken(visit.request)); }};
  bucket at{at_loopback(server)};
  REQUIRE(at.put(at.file("a.jpg", "new content", true)));
  REQUIRE(server.seen().size() == 1);
  CHECK(server.seen()[0].header("If-None-Match").empty());
}

TEST_CASE("a store without conditional puts is asked by HEAD") {
  loopback_server server{[](auto& visit) {
    auto const& asked = visit.request;
    if (asked.method == "HEAD" || asked.method == "GET") {
      return visit.send(answer(404, asked.method == "GET" ? error_body("NoSuchKey") : ""));
    }
    visit.send(asked.header("If-None-Match").empty() ? taken(asked)
                                                     : answer(501, error_body("NotImplemented")));
  }};
  bucket at{at_loopback(server)};
  for (auto const* key : {"a.jpg", "b.jpg"}) {
    auto const put = at.put(at.file(key, "x"));
    REQUIRE(put);
    CHECK(put->sent);
  }
  CHECK(with_method(server, "PUT") == 3);
}

TEST_CASE("a missing bucket is not taken for a missing object") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.method == "HEAD"
                   ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                   : answer(404, error_body("NoSuchBucket")));
  }};
  bucket at{at_loopback(server)};
  auto const found = at.wait(at.store.head("a.jpg", no_deadline));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == errc::store_missing);
}

TEST_CASE("what answers like no store is not believed, whatever it says") {
  struct row {
    char const* name;
    std::string says;
  };
  auto const one = GENERATE(values<row>({
      {"not found, by a proxy", answer(404, "<html>Not found</html>")},
      {"not found, and silent", answer(404)},
      {"welcome, by a captive portal", answer(200, "<html>Welcome</html>")},
  }));
  INFO(one.name);
  loopback_server server{
      [&](auto& visit) { visit.send(visit.request.method == "HEAD" ? answer(404) : one.says); }};
  bucket at{at_loopback(server)};
  auto const put = at.put(at.file("a.jpg", "x"));
  REQUIRE_FALSE(put);
  CHECK(put.error().code == errc::store_missing);
  // Nothing may be taken for lost because of it.
  auto const found = at.wait(at.store.head("a.jpg", no_deadline));
  CHECK_FALSE(found);
}

TEST_CASE("a store that takes requests and says nothing is left alone for a while") {
  loopback_server server{[](auto& visit) { visit.wait_for_close(); }};
  bucket at{at_loopback(server)};
  at.http.first_byte_timeout = 1s;
  auto const began = clock::now();
  for (auto const* key : {"a.jpg", "b.jpg"}) {
    auto const put = at.put(at.file(key, "x", true));
    REQUIRE_FALSE(put);
    CHECK(put.error().code == errc::first_byte_timeout);
  }
  CHECK(server.seen().size() == 2);
  CHECK(clock::now() - began > 2900ms);  // two timeouts and a rest of a second
}

TEST_CASE("a refused key halts: from a HEAD too, whose answer has no body") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.method == "HEAD"
                   ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                   : answer(403, error_body("InvalidAccessKeyId")));
  }};
  bucket at{at_loopback(server)};
  auto const found = at.wait(at.store.head("a.jpg", no_deadline));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == errc::store_credentials);
  CHECK(found.error().message.find("store.access_key_id") != std::string::npos);
  auto const put = at.put(at.file("a.jpg", "x"));
  REQUIRE_FALSE(put);
  CHECK(classify(put.error().code) == verdict::halt);
}

TEST_CASE("a 503 with Retry-After keeps everybody away, and one goes ahead after it") {
  std::atomic<int> asked = 0;
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  loopback_server server{[&](auto& visit) {
    int const number = ++asked;
    if (number == 1) {
      return visit.send(answer(503, error_body("SlowDown"), {{"Retry-After", "1"}}));
    }
    most = std::max(most.load(), ++at_once);
    visit.pause(150ms);
    --at_once;
    visit.send(taken(visit.request));
  }};
  auto settings = at_loopback(server);
  settings.concurrency = 4;
  bucket at{settings};
  auto const first = at.put(at.file("first.jpg", "x"));
  REQUIRE_FALSE(first);
  CHECK(first.error().code == errc::host_cooling_down);
  CHECK(first.error().retry_at.has_value());
  auto const began = std::chrono::steady_clock::now();
  std::vector<task<result<stored_object>>> many;
  for (int i = 0; i < 8; ++i) {
    many.push_back(at.store.put(at.file(std::to_string(i) + ".jpg", "x"), no_deadline));
  }
  for (auto const& put : at.wait_all(std::move(many))) CHECK(put);
  CHECK(std::chrono::steady_clock::now() - began > 900ms);
  CHECK(most <= 4);
  auto const seen = server.seen();
  REQUIRE(seen.size() == 9);
  // The one that goes ahead is answered before the second is sent.
  CHECK(seen[2].at - seen[1].at >= 140ms);
}

TEST_CASE("a store that wants a long rest gives the work back") {
  loopback_server server{
      [](auto& visit) { visit.send(answer(429, {}, {{"Retry-After", "600"}})); }};
  bucket at{at_loopback(server)};
  CHECK_FALSE(at.put(at.file("a.jpg", "x")));
  auto const later = at.put(at.file("b.jpg", "x"));
  REQUIRE_FALSE(later);
  CHECK(later.error().code == errc::host_cooling_down);
  CHECK(*later.error().retry_at > now() + 9min);
  CHECK(server.seen().size() == 1);
}

TEST_CASE("a store that cannot be reached is no failure of the object") {
  std::optional<loopback_server> server{std::in_place,
                                        [](auto& visit) { visit.send(answer(200)); }};
  auto const settings = at_loopback(*server);
  server.reset();
  bucket at{settings};
  auto const put = at.put(at.file("a.jpg", "x"));
  REQUIRE_FALSE(put);
  CHECK(put.error().code == errc::host_cooling_down);
}

TEST_CASE("a connection that the store has closed meanwhile is replaced, once") {
  loopback_server server{[](auto& visit) {
    if (visit.request.number > 0) return visit.reset();
    visit.send(taken(visit.request));
  }};
  bucket at{at_loopback(server)};
  CHECK(at.put(at.file("a.jpg", "x")));
  CHECK(at.put(at.file("b.jpg", "x")));
  CHECK(server.connections() == 2);
}

TEST_CASE("an upload whose beginning is not answered is not begun a second time unseen") {
  loopback_server server{[](auto& visit) {
    if (visit.request.method == "POST") return visit.reset();
    visit.send(answer(200));
  }};
  bucket at{at_loopback(server)};
  REQUIRE(at.wait(at.client.remove("b.jpg", no_deadline)));  // leaves a connection
  auto const begun = at.wait(at.client.begin_upload("a.jpg", sha256_hex("x"), no_deadline));
  REQUIRE_FALSE(begun);
  CHECK(begun.error().code == errc::connection_lost);
  CHECK(with_method(server, "POST") == 1);
}

TEST_CASE("broken answers are tried again later; nothing is taken for stored") {
  struct row {
    char const* name;
    std::function<void(loopback_server::visit&)> how;
    errc means;
  };
  auto const fault = GENERATE(values<row>({
      {"reset", [](auto& visit) { visit.reset(); }, errc::connection_lost},
      {"closed", [](auto& visit) { visit.close(); }, errc::connection_lost},
      {"short",
       [](auto& visit) {
         visit.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc");
         visit.close();
       },
       errc::short_body},
      {"no http",
       [](auto& visit) {
         visit.send("SSH-2.0-x\r\n\r\n");
         visit.close();
       },
       errc::bad_response},
      {"silent", [](auto& visit) { visit.wait_for_close(); }, errc::first_byte_timeout},
      {"500", [](auto& visit) { visit.send(answer(500, error_body("InternalError"))); },
       errc::http_server_error},
      {"endless",
       [](auto& visit) {
         visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
         std::string const chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
         for (int i = 0; i < 400; ++i) visit.send(chunk);
         visit.close();
       },
       errc::bad_response},
  }));
  INFO(fault.name);
  loopback_server server{fault.how};
  bucket at{at_loopback(server)};
  auto const put = at.put(at.file("a.jpg", "x"));
  REQUIRE_FALSE(put);
  CHECK(put.error().code == fault.means);
  CHECK(classify(put.error().code) == verdict::retry);
  CHECK(put.error().message.find("secret-of-the-test") == std::string::npos);
}

TEST_CASE("bodies that keep arriving altered halt; one does not") {
  loopback_server server{
      [](auto& visit) { visit.send(answer(400, error_body("XAmzContentSHA256Mismatch"))); }};
  bucket at{at_loopback(server)};
  std::vector<errc> seen;
  for (int i = 0; i < 4; ++i) seen.push_back(at.put(at.file("a.jpg", "x")).error().code);
  CHECK(seen == std::vector{errc::store_digest, errc::store_digest, errc::store_digest,
                            errc::store_tampered});
}

TEST_CASE("a file that is not the recorded one is not sent") {
  loopback_server server{[](auto& visit) { visit.send(taken(visit.request)); }};
  bucket at{at_loopback(server)};
  auto changed = at.file("a.jpg", "x");
  changed.sha256 = sha256_hex("y");
  CHECK(at.put(changed).error().code == errc::not_found);
  auto gone = at.file("a.jpg", "x");
  std::filesystem::remove(gone.file);
  CHECK(at.put(gone).error().code == errc::not_found);
  CHECK(at.put(at.file(std::string(1025, 'k'), "x")).error().code == errc::store_rejected);
  CHECK(server.seen().empty());
}
