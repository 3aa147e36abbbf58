// SPDX-License-Identifier: MIT
#include "http/wire/answer_head.hpp"

#include <catch2/catch.hpp>

#include "http/wire/fields.hpp"

using namespace vinny;

namespace {

answer_head good(std::string_view head) {
  auto const out = parse_answer_head(head);
  INFO(head);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("a head ends with its blank line, however lines end") {
  CHECK(end_of_head("HTTP/1.1 200 OK\r\n\r\nx") == 19);
  CHECK(end_of_head("HTTP/1.1 200 OK\n\nx") == 17);
  CHECK(end_of_head("HTTP/1.1 200 OK\nA: b\r\n\nx") == 23);
  CHECK(end_of_head("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") == 23);
  CHECK(end_of_head("HTTP/1.1 200 OK\r\nA: b\r\n") == std::string_view::npos);
  CHECK(end_of_head("\r\n\r\n") == std::string_view::npos);
  CHECK(end_of_head("") == std::string_view::npos);
  // Searched in pieces it is found in the same place.
  std::string_view const whole = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";
  for (std::size_t cut = 0; cut < 25; ++cut) {
    CAPTURE(cut);
    CHECK(end_of_head(whole, cut) == 25);
  }
}

TEST_CASE("heads that browsers and curl read are read") {
  struct row {
    std::string head;
    int status;
    header_list fields;
  };
  auto const row_ = GENERATE(values<row>({
      {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.0 404\r\n\r\n", 404, {}},
      {"HTTP/1.1 200\r\n\r\n", 200, {}},
      {"HTTP/1.1 200 \r\n\r\n", 200, {}},
      {"HTTP/1.1  200  OK\r\n\r\n", 200, {}},
      {"HTTP/1.1 200 OK\nA: b\n\n", 200, {{"A", "b"}}},
      {"\r\nHTTP/1.1 200 OK\r\n\r\n", 200, {}},
      {"HTTP/1.1 200 \xff\xfe\r\n\r\n", 200, {}},
      {"HTTP/1.1 200 OK\r\nA:b\r\nC:\t d \r\nE:\r\n\r\n", 200, {{"A", "b"}, {"C", "d"}, {"E", ""}}},
      {"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", 200, {{"A", "b"}}},
      // What is no field is dropped, and nothing else with it.
      {"HTTP/1.1 200 OK\r\nAccess Control: x\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\ngarbage\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\n: x\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\nSet-Cookie: a=\x01"
       "b\r\nA: b\r\n\r\n",
       200,
       {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\nX-Größe: 1\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\nA: b\rC: d\r\nE: f\r\n\r\n", 200, {{"E", "f"}}},
      // Bytes above 7f are values (RFC 9110, 5.5, obs-text).
      {"HTTP/1.1 200 OK\r\nA: \xe9\r\n\r\n", 200, {{"A", "\xe9"}}},
      // A line that begins with a blank goes on with the one before it.
      {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n\r\n", 200, {{"A", "b c d"}}},
      {"HTTP/1.1 200 OK\r\n folded: x\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
      {"HTTP/1.1 200 OK\r\nno field\r\n of this\r\nA: b\r\n\r\n", 200, {{"A", "b"}}},
  }));
  auto const head = good(row_.head);
  CAPTURE(row_.head);
  CHECK(head.status == row_.status);
  CHECK(head.fields == row_.fields);
}

TEST_CASE("what is no answer is refused, with its beginning") {
  auto const head =
      GENERATE(as<std::string>{}, "", "\r\n\r\n", "garbage\r\n\r\n", "HTTP/2 200 OK\r\n\r\n",
               "HTTP/1.x 200 OK\r\n\r\n", "HTTP/1.1200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
               "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 -20 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
               "ICY 200 OK\r\n\r\n", "<html>\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
               "http/1.1 200 OK\r\n\r\n", std::string{"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", 26});
  CAPTURE(head);
  auto const out = parse_answer_head(head);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::bad_response);
}

TEST_CASE("a body is framed by one rule") {
  struct row {
    char const* fields;
    body_end end;
    std::uint64_t length = 0;
    bool keep_alive = true;
    char const* method = "GET";
    char const* first = "HTTP/1.1 200 OK";
  };
  auto const [fields, end, length, keep_alive, method, first] = GENERATE(values<row>({
      {"Content-Length: 5", body_end::length, 5},
      {"Content-Length: 0", body_end::at_once},
      {"Content-Length: 5\r\nContent-Length: 5", body_end::length, 5},
      {"Content-Length: 5, 5", body_end::length, 5},
      {"Content-Length: 99999999999999999999999", body_end::length, UINT64_MAX},
      {"Transfer-Encoding: chunked", body_end::chunk},
      {"Transfer-Encoding: Chunked", body_end::chunk},
      {"Transfer-Encoding: identity\r\nContent-Length: 5", body_end::length, 5},
      {"", body_end::connection, 0, false},
      {"Transfer-Encoding: identity", body_end::connection, 0, false},
      {"Content-Length: 5\r\nConnection: close", body_end::length, 5, false},
      {"Content-Length: 5\r\nConnection: x, Close", body_end::length, 5, false},
      {"Content-Length: 5", body_end::length, 5, false, "GET", "HTTP/1.0 200 OK"},
      {"Content-Length: 5\r\nConnection: keep-alive", body_end::length, 5, true, "GET",
       "HTTP/1.0 200 OK"},
      {"Transfer-Encoding: chunked\r\nConnection: keep-alive", body_end::chunk, 0, false, "GET",
       "HTTP/1.0 200 OK"},
      {"Content-Length: 5", body_end::at_once, 0, true, "HEAD"},
      {"Content-Length: 5", body_end::at_once, 0, true, "GET", "HTTP/1.1 304 Not Modified"},
      {"Transfer-Encoding: chunked", body_end::at_once, 0, true, "GET", "HTTP/1.1 204 No"},
  }));
  CAPTURE(first, fields, method);
  auto const head = good(std::string{first} + "\r\n" + fields + (*fields ? "\r\n\r\n" : "\r\n"));
  auto const frame = frame_answer(head, method);
  REQUIRE(frame);
  CHECK(frame->end == end);
  CHECK(frame->length == length);
  CHECK(frame->keep_alive == keep_alive);
}

TEST_CASE("where two readers could see two bodies there is none") {
  auto const* const fields =
      GENERATE("Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 6",
               "Content-Length: -5", "Content-Length: +5", "Content-Length: 5x",
               "Content-Length: 0x5", "Content-Length: 5 5", "Content-Length: 5\r\n 6",
               "Content-Length: \x01", "Content-Length: 5\r\nTransfer-Encoding: chunked",
               "Transfer-Encoding: chunked\r\nContent-Length : 5", "Transfer-Encoding: xchunked",
               "Transfer-Encoding: chunked, identity, x", "Transfer-Encoding: gzip, chunked",
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
               "Transfer-Encoding: \x0b"
               "chunked");
  CAPTURE(fields);
  auto const frame =
      frame_answer(good(std::string{"HTTP/1.1 200 OK\r\n"} + fields + "\r\n\r\n"), "GET");
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == errc::bad_response);
}
