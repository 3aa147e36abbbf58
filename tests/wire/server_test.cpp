// SPDX-License-Identifier: MIT
#include "http/server.hpp"

#include "http/unix_path.hpp"
#include "support/running_server.hpp"
#include "unit/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

/// Tells back what it was asked.
task<server_response> echo(server_request request) {
  auto text = request.method + ' ' + request.path;
  for (auto const& [key, value] : request.query) text += " [" + key + '=' + value + ']';
  text += " (" + request.body + ')';
  co_return server_response{.status = 200, .headers = {}, .body = text};
}

server_limits tight() {
  return {.max_head_bytes = 1024,
          .max_body_bytes = 100,
          .max_connections = 3,
          .head_timeout = 1s,
          .body_timeout = 1s,
          .idle_timeout = 1s};
}

std::string get(std::string_view path) {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n\r\n";
}
std::string post(std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string{body};
}

}  // namespace

TEST_CASE("a Unix socket is for the owner and the group, and knows its peer") {
  scratch_folder const folder;
  auto const path = folder.path / "s.sock";
  running_server server{[](server_request request) -> task<server_response> {
    co_return server_response{.status = 200,
                              .headers = {},
                              .body = std::to_string(request.from.uid.value_or(9999)) +
                                      (request.from.tcp ? " tcp" : " unix")};
  }};
  REQUIRE(server.http.listen_unix(path));
  server.start();
  struct stat facts{};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK(S_ISSOCK(facts.st_mode));
  CHECK((facts.st_mode & 0777) == 0660);
  raw_client client{path};
  client.send(get("/"));
  CHECK(client.read_answer().body == std::to_string(::getuid()) + " unix");
}

TEST_CASE("a path longer than a socket address holds is fine") {
  scratch_folder const folder;
  auto const deep = folder.path / std::string(80, 'd') / std::string(80, 'e');
  std::filesystem::create_directories(deep);
  auto const path = deep / "vinnyd.sock";
  REQUIRE(path.string().size() > 107);
  running_server server{echo};
  REQUIRE(server.http.listen_unix(path));
  server.start();
  raw_client client{path};
  client.send(get("/deep"));
  CHECK(client.read_answer().body == "GET /deep ()");
  server.stop();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket file that nobody answers on is replaced, a live one is not") {
  scratch_folder const folder;
  auto const path = folder.path / "s.sock";
  {
    int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    path.string().copy(place.sun_path, sizeof place.sun_path - 1);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
    ::close(fd);
    REQUIRE(std::filesystem::exists(path));
  }
  running_server server{echo};
  REQUIRE(server.http.listen_unix(path));
  server.start();
  raw_client{path}.send(get("/"));

  running_server second{echo};
  auto const refused = second.http.listen_unix(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::catalog_locked);
  raw_client client{path};
  client.send(get("/still"));
  CHECK(client.read_answer().body == "GET /still ()");
}

TEST_CASE("a file that is no socket is left alone") {
  scratch_folder const folder;
  auto const path = folder.path / "precious.txt";
  std::ofstream{path} << "precious";
  running_server server{echo};
  auto const refused = server.http.listen_unix(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("precious.txt") != std::string::npos);
  CHECK(std::filesystem::file_size(path) == 8);
}

TEST_CASE("a folder that is not there, and a port that is taken, are failures with a name") {
  running_server server{echo};
  auto const refused = server.http.listen_unix("/nonexistent/folder/s.sock");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("/nonexistent/folder/s.sock") != std::string::npos);
  auto const port = server.http.listen_tcp("127.0.0.1", 0);
  REQUIRE(port);
  CHECK(*port != 0);
  running_server second{echo};
  auto const taken = second.http.listen_tcp("127.0.0.1", *port);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message.find(std::to_string(*port)) != std::string::npos);
  CHECK_FALSE(second.http.listen_tcp("not an address", 0));
}

TEST_CASE("paths and queries arrive decoded, bodies whole") {
  tcp_server server{echo};
  raw_client client{server.port};
  client.send("GET /a%20b/%C3%A9?x=1%262&y&z=a=b HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read_answer().body == "GET /a b/\xc3\xa9 [x=1&2] [y=] [z=a=b] ()");
  client.send(post("hello"));
  CHECK(client.read_answer().body == "POST /p (hello)");
  client.send(
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\n");
  CHECK(client.read_answer().body == "POST /c (abc)");
}

TEST_CASE("a connection is kept, also for requests that come in one piece") {
  tcp_server server{echo};
  raw_client client{server.port};
  client.send(get("/1") + get("/2") + post("three"));
  CHECK(client.read_answer().body == "GET /1 ()");
  CHECK(client.read_answer().body == "GET /2 ()");
  CHECK(client.read_answer().body == "POST /p (three)");
  client.send("GET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(client.read_answer().body == "GET /4 ()");
  CHECK(client.closed_within(2s));
}

TEST_CASE("HEAD tells the length and sends no body") {
  tcp_server server{echo};
  raw_client client{server.port};
  client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
  auto const head = client.read_head();
  CHECK(head.status == 200);
  CHECK(head.length == std::string{"HEAD /h ()"}.size());
  client.send(get("/next"));
  CHECK(client.read_answer().body == "GET /next ()");
}

TEST_CASE("what is too large or no HTTP is refused, and the handler does not see it") {
  std::atomic<int> handled = 0;
  tcp_server server{[&](server_request request) {
                      ++handled;
                      return echo(std::move(request));
                    },
                    tight()};
  auto const [sent, status] = GENERATE(table<std::string, int>({
      {"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'x') + "\r\n\r\n", 431},
      {"GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n\r\n", 431},
      {post(std::string(101, 'x')), 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n" +
           std::string(128, 'x') + "\r\n0\r\n\r\n",
       413},
      {"garbage\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x01\x01\x02 a TLS hello\r\n\r\n", 400},
  }));
  raw_client client{server.port};
  client.send(sent);
  auto const got = client.read_answer();
  INFO(sent.substr(0, 60));
  CHECK(got.status == status);
  CHECK(got.body.find("\"status\":" + std::to_string(status)) != std::string::npos);
  CHECK(got.head.find("application/problem+json") != std::string::npos);
  CHECK(client.closed_within(2s));
  CHECK(handled == 0);
  raw_client next{server.port};
  next.send(post(std::string(100, 'x')));
  CHECK(next.read_answer().status == 200);
}

TEST_CASE("who dawdles is closed: in the head, in the body, between requests, saying nothing") {
  auto const sent =
      GENERATE(as<std::string>{}, "", "GET / HTTP/1.1\r\nHost: ",
               "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", get("/idle"));
  std::atomic<int> handled = 0;
  tcp_server server{[&](server_request request) {
                      ++handled;
                      return echo(std::move(request));
                    },
                    tight()};
  raw_client client{server.port};
  client.send(sent);
  bool const whole = sent == get("/idle");
  if (whole) CHECK(client.read_answer().status == 200);
  auto const began = clock::now();
  CHECK(client.closed_within(4s));
  CHECK(clock::now() - began > 500ms);
  CHECK(handled == (whole ? 1 : 0));
}

TEST_CASE("a head that drips buys no time") {
  tcp_server server{echo, tight()};
  raw_client client{server.port};
  auto const began = clock::now();
  client.send("GET / HTTP/1.1\r\n");
  while (!client.closed_within(100ms) && clock::now() - began < 5s) client.send("X: y\r\n");
  CHECK(clock::now() - began < 3s);
}

TEST_CASE("who finds no place is told so at once, and room comes back") {
  tcp_server server{echo, tight()};
  {
    std::list<raw_client> inside;
    for (int i = 0; i < 3; ++i) {
      inside.emplace_back(server.port).send(get("/"));
      CHECK(inside.back().read_answer().status == 200);
    }
    raw_client over{server.port};
    auto const told = over.read_answer();
    CHECK(told.status == 503);
    CHECK(told.head.contains("Retry-After: 1\r\n"));
    CHECK(told.body.contains("urn:vinny:problem:places_taken"));
    CHECK(over.closed_within(500ms));
  }
  // As soon as the server has seen them go.
  int status = 0;
  for (auto const end = clock::now() + 10s; status != 200 && clock::now() < end;) {
    raw_client again{server.port};
    again.send(get("/again"));
    status = again.read_answer().status;
  }
  CHECK(status == 200);
}

TEST_CASE("a follower that goes gives its place back, though nothing is written to it") {
  auto const mute = [](server_request request) -> task<server_response> {
    server_response out{.status = 200};
    if (request.path != "/follow") co_return out;
    out.stream = [](stream_writer&) -> task<> { co_await sleep_for(1h); };
    co_return out;
  };
  tcp_server server{mute, tight()};
  auto const said_more = GENERATE(false, true);
  {
    std::list<raw_client> followers;
    for (int i = 0; i < 3; ++i) {
      auto& one = followers.emplace_back(server.port);
      one.send(get("/follow") + (said_more ? get("/more") : ""));
      CHECK(one.read_head().status == 200);
    }
    raw_client over{server.port};
    CHECK(over.read_answer().status == 503);
  }
  auto const limit = clock::now() + 1s;
  bool served = false;
  while (!served && clock::now() < limit) {
    raw_client again{server.port};
    again.send(get("/again"));
    served = again.read_answer().status == 200;
  }
  CHECK(served);
}

TEST_CASE("an answer can be a stream, which ends when it returns") {
  tcp_server server{[](server_request) -> task<server_response> {
    server_response out{.status = 200};
    out.headers.emplace_back("Content-Type", "text/event-stream");
    out.stream = [](stream_writer& to) -> task<> {
      for (int i = 0; i < 3; ++i) std::ignore = co_await to.write("piece " + std::to_string(i));
    };
    co_return out;
  }};
  raw_client client{server.port};
  client.send(get("/"));
  auto const all = client.read_to_end();
  CHECK(all.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(all.find("text/event-stream") != std::string::npos);
  CHECK(all.ends_with("\r\n\r\n7\r\npiece 0\r\n7\r\npiece 1\r\n7\r\npiece 2\r\n0\r\n\r\n"));
  raw_client head{server.port};
  head.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(head.read_to_end().find("piece") == std::string::npos);
}

TEST_CASE("a stream stops when its client goes") {
  std::promise<void> stopped;
  tcp_server server{[&](server_request) -> task<server_response> {
    server_response out{.status = 200};
    out.stream = [&](stream_writer& to) -> task<> {
      std::shared_ptr<void> const here{nullptr, [&](void*) { stopped.set_value(); }};
      while (co_await to.write("still here")) co_await sleep_for(2ms);
    };
    co_return out;
  }};
  {
    raw_client client{server.port};
    client.send(get("/"));
    CHECK(client.read_head().status == 200);
  }
  CHECK(stopped.get_future().wait_for(5s) == std::future_status::ready);
}

TEST_CASE("stop() ends everything, waits for it, and takes the socket file along") {
  scratch_folder const folder;
  auto const path = folder.path / "s.sock";
  std::atomic<int> inside = 0;
  struct guest {
    std::atomic<int>& count;
    explicit guest(std::atomic<int>& c) : count(c) { ++count; }
    guest(guest const&) = delete;
    guest& operator=(guest const&) = delete;
    ~guest() { --count; }
  };
  running_server server{[&](server_request request) -> task<server_response> {
    auto const here = std::make_shared<guest>(inside);
    server_response out{.status = 200};
    if (request.path == "/hang") {
      co_await sleep_for(1h);
    } else if (request.path == "/stream") {
      out.stream = [here](stream_writer& to) -> task<> {
        std::ignore = co_await to.write("begun");
        co_await sleep_for(1h);
      };
    }
    co_return out;
  }};
  REQUIRE(server.http.listen_unix(path));
  server.start();
  raw_client silent{path};
  raw_client kept{path};
  kept.send(get("/"));
  CHECK(kept.read_answer().status == 200);
  raw_client streaming{path};
  streaming.send(get("/stream"));
  CHECK(streaming.read_head().status == 200);
  raw_client hanging{path};
  hanging.send(get("/hang"));
  auto const limit = clock::now() + 5s;
  while (inside < 2 && clock::now() < limit) std::this_thread::yield();
  REQUIRE(inside == 2);

  auto const began = clock::now();
  server.stop();
  CHECK(clock::now() - began < 3s);
  CHECK(inside == 0);
  for (auto* const one : {&silent, &kept, &streaming, &hanging}) CHECK(one->closed_within(1s));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THROWS(raw_client{path});
}
