// SPDX-License-Identifier: MIT
//
// Requests as bytes, to both listeners: what is read, what is refused, and that nothing in a
// refused request is ever taken for a request of its own.
//
// Source: the rules of RFC 9112 and RFC 9110 that each line names, and the public collections of
// request smuggling vectors that break them.
#include "core/time.hpp"
#include "http/server.hpp"
#include "support/running_server.hpp"
#include "unit/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <mutex>

using namespace vinny;
using namespace vinny::test;

namespace {

struct request_vector {
  std::string_view rule;
  std::string bytes;
  int last_status;      // of the answers
  std::string handled;  // what the handler saw, one "METHOD path(body)" after the other
};

// Behind each vector comes this: it is answered exactly when the connection goes on.
constexpr std::string_view next_request = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";

std::string in_chunks(std::string_view coding, std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string{coding} + "\r\n\r\n" +
         std::string{body};
}
std::string with_length(std::string_view fields, std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + std::string{fields} + "\r\n\r\n" + std::string{body};
}
std::string asking(std::string_view target, std::string_view fields = "Host: x\r\n") {
  return "GET " + std::string{target} + " HTTP/1.1\r\n" + std::string{fields} + "\r\n";
}

std::string const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
std::string const whole_chunks = "3\r\nabc\r\n0\r\n\r\n";

std::vector<request_vector> const vectors{
    // The request line.
    {"a plain request", asking("/a"), 200, "GET /a() GET /next()"},
    {"9112 2.2: an empty line in front is skipped", "\r\n" + asking("/a"), 200,
     "GET /a() GET /next()"},
    {"and two", "\r\n\r\n" + asking("/a"), 200, "GET /a() GET /next()"},
    {"but no stream of them", "\r\n\r\n\r\n\r\n\r\n\r\n" + asking("/a"), 400, ""},
    {"9112 3: no words at all", "\r\n\r\n\r\nHTTP\r\n\r\n", 400, ""},
    {"two words", "GET /a\r\nHost: x\r\n\r\n", 400, ""},
    {"HTTP/0.9", "GET /a\r\n\r\n", 400, ""},
    {"two spaces", "GET  /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"a tab for a space", "GET\t/a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"a space in front", " GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"a method that is no token", "GE(T /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"a method that nobody knows is the handler's", "BREW /a HTTP/1.1\r\nHost: x\r\n\r\n", 200,
     "BREW /a() GET /next()"},
    {"methods have case", "get /a HTTP/1.1\r\nHost: x\r\n\r\n", 200, "get /a() GET /next()"},
    {"9112 2.3: a version of two digits", "GET /a HTTP/1.10\r\nHost: x\r\n\r\n", 400, ""},
    {"a version in lower case", "GET /a http/1.1\r\nHost: x\r\n\r\n", 400, ""},
    {"HTTP/2.0", "GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 505, ""},
    {"HTTP/2's own beginning", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, ""},
    {"HTTP/1.2 is read as 1.1", "GET /a HTTP/1.2\r\nHost: x\r\n\r\n", 200, "GET /a() GET /next()"},
    {"9112 3.2.2: absolute-form", asking("http://x/a?b"), 200, "GET /a() GET /next()"},
    {"without a path", asking("http://x"), 200, "GET /() GET /next()"},
    {"without a path, with a query", asking("http://x?b"), 200, "GET /() GET /next()"},
    {"with a user", asking("http://user@x/a"), 400, ""},
    {"without a host", asking("http:///a"), 400, ""},
    {"of another scheme", asking("ftp://x/a"), 400, ""},
    {"a target that is no path", asking("a"), 400, ""},
    {"a fragment", asking("/a#b"), 400, ""},
    {"bytes beyond ASCII", asking("/\xc3\xa9"), 400, ""},
    {"a NUL", std::string{"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n", 30}, 400, ""},
    {"9112 3.2.4: asterisk-form", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 200,
     "OPTIONS *() GET /next()"},
    {"of another method", asking("*"), 400, ""},
    {"9112 3.2.3: CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 501, ""},
    {"a TLS hello", "\x16\x03\x01\x02\x01\x01\x02 hello\r\n\r\n", 400, ""},

    // Host.
    {"9112 3.2: none", asking("/a", ""), 400, ""},
    {"two", asking("/a", "Host: x\r\nHost: y\r\n"), 400, ""},
    {"two that are equal", asking("/a", "Host: x\r\nHost: x\r\n"), 400, ""},
    {"an empty one is one", asking("/a", "Host:\r\n"), 200, "GET /a() GET /next()"},
    {"one that is none", asking("/a", "Host: x y\r\n"), 400, ""},
    {"a path in it", asking("/a", "Host: x/y\r\n"), 400, ""},
    {"a user in it", asking("/a", "Host: u@x\r\n"), 400, ""},
    {"HTTP/1.0 needs none", "GET /a HTTP/1.0\r\n\r\n", 200, "GET /a()"},

    // Fields.
    {"9112 5.1: a space in front of the colon", asking("/a", "Host: x\r\nX : y\r\n"), 400, ""},
    {"a tab in front of the colon", asking("/a", "Host: x\r\nX\t: y\r\n"), 400, ""},
    {"9112 5.2: a folded line", asking("/a", "Host: x\r\nX: y\r\n z\r\n"), 400, ""},
    {"the first line folded", asking("/a", " Host: x\r\n"), 400, ""},
    {"no colon", asking("/a", "Host: x\r\nno colon\r\n"), 400, ""},
    {"no name", asking("/a", "Host: x\r\n: y\r\n"), 400, ""},
    {"a name that is no token", asking("/a", "Host: x\r\nX(: y\r\n"), 400, ""},
    {"a NUL in a value", asking("/a", std::string{"Host: x\r\nX: a\0b\r\n", 17}), 400, ""},
    {"a CR in a value", asking("/a", "Host: x\r\nX: a\rb\r\n"), 400, ""},
    {"9112 2.2: LF alone", "GET /a HTTP/1.1\nHost: x\n\n", 400, ""},
    {"LF alone in one line", "GET /a HTTP/1.1\r\nX: y\nHost: x\r\n\r\n", 400, ""},
    {"LF alone for the blank line", "GET /a HTTP/1.1\r\nHost: x\r\n\n", 400, ""},
    {"LF CR", "GET /a HTTP/1.1\r\nHost: x\r\nX: y\n\r\n\r\n", 400, ""},
    {"bytes beyond ASCII are opaque", asking("/a", "Host: x\r\nX: \xc3\xa9\xff\r\n"), 200,
     "GET /a() GET /next()"},
    {"an empty value", asking("/a", "Host: x\r\nX:\r\n"), 200, "GET /a() GET /next()"},

    // Content-Length.
    {"9112 6.3: a body", with_length("Content-Length: 3", "abc"), 200, "POST /p(abc) GET /next()"},
    {"an empty one", with_length("Content-Length: 0", ""), 200, "POST /p() GET /next()"},
    {"none is none", "POST /p HTTP/1.1\r\nHost: x\r\n\r\n", 200, "POST /p() GET /next()"},
    {"a body of GET", asking("/a", "Host: x\r\nContent-Length: 3\r\n") + "abc", 200,
     "GET /a(abc) GET /next()"},
    {"twice the same", with_length("Content-Length: 3\r\nContent-Length: 3", "abc"), 200,
     "POST /p(abc) GET /next()"},
    {"the same in a list", with_length("Content-Length: 3, 3", "abc"), 200,
     "POST /p(abc) GET /next()"},
    {"two lengths", with_length("Content-Length: 0\r\nContent-Length: 3", smuggled), 400, ""},
    {"two in a list", with_length("Content-Length: 0, 3", smuggled), 400, ""},
    {"a sign", with_length("Content-Length: +3", "abc"), 400, ""},
    {"less than nothing", with_length("Content-Length: -3", smuggled), 400, ""},
    {"hexadecimal", with_length("Content-Length: 0x3", "abc"), 400, ""},
    {"no number", with_length("Content-Length: three", smuggled), 400, ""},
    {"an empty number", with_length("Content-Length: ", smuggled), 400, ""},
    {"two numbers", with_length("Content-Length: 3 3", "abc"), 400, ""},
    {"beyond 64 bits", with_length("Content-Length: 18446744073709551619", "abc"), 413, ""},
    {"beyond the limit", with_length("Content-Length: 70000", "abc"), 413, ""},

    // Transfer-Encoding.
    {"9112 7.1: chunks", in_chunks("chunked", whole_chunks), 200, "POST /p(abc) GET /next()"},
    {"in capitals", in_chunks("CHUNKED", whole_chunks), 200, "POST /p(abc) GET /next()"},
    {"with an extension", in_chunks("chunked", "3;a=b\r\nabc\r\n0;c\r\n\r\n"), 200,
     "POST /p(abc) GET /next()"},
    {"with trailers", in_chunks("chunked", "3\r\nabc\r\n0\r\nX: y\r\n\r\n"), 200,
     "POST /p(abc) GET /next()"},
    {"a size with zeros in front", in_chunks("chunked", "0003\r\nabc\r\n000\r\n\r\n"), 200,
     "POST /p(abc) GET /next()"},
    {"9112 6.3, rule 4: the last is not chunked", in_chunks("chunked, identity", smuggled), 400,
     ""},
    {"a word that looks like it", in_chunks("xchunked", smuggled), 400, ""},
    {"a coding alone", in_chunks("gzip", smuggled), 400, ""},
    {"identity", in_chunks("identity", smuggled), 400, ""},
    {"an empty one", in_chunks("", smuggled), 400, ""},
    {"9112 6.1: one that is not known", in_chunks("gzip, chunked", whole_chunks), 501, ""},
    {"twice chunked", in_chunks("chunked, chunked", whole_chunks), 400, ""},
    {"in two fields",
     with_length("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", smuggled), 400, ""},
    {"in quotes", in_chunks("\"chunked\"", smuggled), 400, ""},
    {"with a control character",
     in_chunks("\x0b"
               "chunked",
               whole_chunks),
     400, ""},
    {"9112 6.1: of HTTP/1.0",
     "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + whole_chunks, 400, ""},
    {"9112 6.3, rule 3: with a length (CL.TE)",
     with_length("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + smuggled), 400,
     ""},
    {"the other way (TE.CL)",
     with_length("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n" + smuggled), 400,
     ""},
    {"hidden by a space (TE.TE)",
     with_length("Transfer-Encoding : chunked\r\nContent-Length: 3", "0\r\n\r\n" + smuggled), 400,
     ""},
    {"hidden in a folded line",
     with_length("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n" + smuggled), 400, ""},

    // Chunks.
    {"a size that is no number", in_chunks("chunked", "x\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"less than nothing", in_chunks("chunked", "-3\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"hexadecimal by name", in_chunks("chunked", "0x3\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"a space in front", in_chunks("chunked", " 3\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"a space behind", in_chunks("chunked", "3 \r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"no size", in_chunks("chunked", "\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"beyond 64 bits", in_chunks("chunked", "10000000000000003\r\nabc\r\n0\r\n\r\n"), 400, ""},
    {"LF alone behind the size", in_chunks("chunked", "3\nabc\r\n0\r\n\r\n"), 400, ""},
    {"LF alone in an extension", in_chunks("chunked", "3;a\nabc\r\n0\r\n\r\n"), 400, ""},
    {"more than was said", in_chunks("chunked", "3\r\nabcd\r\n0\r\n\r\n"), 400, ""},
    {"LF alone behind the data", in_chunks("chunked", "3\r\nabc\n0\r\n\r\n"), 400, ""},
    {"LF alone at the end", in_chunks("chunked", "3\r\nabc\r\n0\r\n\n" + smuggled), 400, ""},
    {"more than the limit", in_chunks("chunked", "11000\r\n" + std::string(0x11000, 'x') + "\r\n"),
     413, ""},

    // Expect, Connection.
    {"9110 10.1.1: 100-continue, but the body is there",
     with_length("Expect: 100-continue\r\nContent-Length: 3", "abc"), 200,
     "POST /p(abc) GET /next()"},
    {"what nobody knows", with_length("Expect: a-cake\r\nContent-Length: 3", "abc"), 417, ""},
    {"9112 9.3: close", asking("/a", "Host: x\r\nConnection: close\r\n"), 200, "GET /a()"},
    {"close in a list", asking("/a", "Host: x\r\nConnection: x, Close\r\n"), 200, "GET /a()"},
    {"HTTP/1.0 that asks for more", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200,
     "GET /a() GET /next()"},
};

/// All that came: the status of the last answer.
int last_status_of(std::string const& transcript) {
  auto const at = transcript.rfind("HTTP/1.1 ");
  return at == std::string::npos ? 0 : std::stoi(transcript.substr(at + 9));
}

}  // namespace

TEST_CASE("requests are read as RFC 9112 says, and none is hidden in another") {
  static_assert(next_request.ends_with("\r\n\r\n"));
  CHECK(vectors.size() >= 100);
  scratch_folder const folder;
  auto const path = folder.path / "s.sock";
  std::mutex mutex;
  std::string handled;
  running_server server{[&](server_request request) -> task<server_response> {
    std::lock_guard const lock{mutex};
    handled += (handled.empty() ? "" : " ") + request.method + ' ' + request.path + '(' +
               request.body + ')';
    co_return server_response{.status = 200};
  }};
  REQUIRE(server.http.listen_unix(path));
  auto const port = server.http.listen_tcp("127.0.0.1", 0);
  REQUIRE(port);
  server.start();
  auto const ask = [&](request_vector const& one, raw_client client) {
    handled.clear();
    client.send(one.bytes);
    client.send(next_request);
    client.finish();
    auto const transcript = client.read_to_end();
    INFO(one.rule << "\n" << one.bytes.substr(0, 300) << "\n-> " << transcript);
    CHECK(last_status_of(transcript) == one.last_status);
    std::lock_guard const lock{mutex};
    CHECK(handled == one.handled);
  };
  for (auto const& one : vectors) {
    ask(one, raw_client{path});
    ask(one, raw_client{*port});
  }
}

TEST_CASE("who waits for leave to send its body has it at once") {
  tcp_server server{[](server_request request) -> task<server_response> {
    co_return server_response{.status = 200, .headers = {}, .body = request.body};
  }};
  raw_client client{server.port};
  client.send(with_length("Expect: 100-continue\r\nContent-Length: 3", ""));
  CHECK(client.read_head().status == 100);
  client.send("abc");
  CHECK(client.read_answer().body == "abc");
  client.send(with_length("Expect: 100-continue\r\nContent-Length: 70000", ""));
  CHECK(client.read_answer().status == 413);
}

TEST_CASE("HTTP/1.0 gets no chunks: a stream ends with the connection") {
  tcp_server server{[](server_request) -> task<server_response> {
    server_response out{.status = 200};
    out.stream = [](stream_writer& to) -> task<> {
      for (int i = 0; i < 3; ++i) std::ignore = co_await to.write("piece " + std::to_string(i));
    };
    co_return out;
  }};
  raw_client client{server.port};
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto const all = client.read_to_end();
  CHECK_FALSE(all.contains("Transfer-Encoding"));
  CHECK(all.contains("Connection: close\r\n"));
  CHECK(all.ends_with("\r\n\r\npiece 0piece 1piece 2"));
}

TEST_CASE("every answer tells its date") {
  tcp_server server{
      [](server_request) -> task<server_response> { co_return server_response{.status = 204}; }};
  raw_client client{server.port};
  client.send(asking("/"));
  auto const head = client.read_head().head;
  auto const at = head.find("Date: ");
  REQUIRE(at != std::string::npos);
  auto const told = from_http_date(std::string_view{head}.substr(at + 6, 29));
  REQUIRE(told);
  CHECK(std::chrono::abs(now() - *told) < std::chrono::seconds{5});
  CHECK_FALSE(head.contains("Content-Length"));
}
