// SPDX-License-Identifier: MIT
#include "core/url.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vinny;

namespace {

url good(std::string_view text) {
  auto const out = url::parse(text);
  INFO(text);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("URLs are normalised as they are read") {
  struct row {
    char const* text;
    char const* normal;
  };
  auto const [text, normal] = GENERATE(values<row>({
      {"https://example.org", "https://example.org/"},
      {"  https://example.org/a \n", "https://example.org/a"},
      {"HTTPS://EXAMPLE.ORG/Path?Q=A", "https://example.org/Path?Q=A"},
      {"https://example.org:443/", "https://example.org/"},
      {"http://example.org:80/", "http://example.org/"},
      {"http://example.org:/", "http://example.org/"},
      {"https://example.org:8443/x", "https://example.org:8443/x"},
      {"http://example.org:443/", "http://example.org:443/"},
      {"https://example.org:65535/", "https://example.org:65535/"},
      {"https://example.org./a", "https://example.org/a"},
      {"https://example.org/a#part", "https://example.org/a"},
      {"https://example.org/a?b#c?d", "https://example.org/a?b"},
      {"https://user:pass@example.org/", "https://example.org/"},
      {"https://user@example.org/", "https://example.org/"},
      {"https://example.org/a b.jpg", "https://example.org/a%20b.jpg"},
      {"https://example.org/Tiësto.jpg", "https://example.org/Ti%C3%ABsto.jpg"},
      {"https://example.org/a%20b", "https://example.org/a%20b"},
      {"https://example.org/100%", "https://example.org/100%25"},
      {"https://example.org/%zz", "https://example.org/%25zz"},
      {"https://example.org/a[1].jpg", "https://example.org/a%5B1%5D.jpg"},
      {"https://example.org/?a[]=1", "https://example.org/?a%5B%5D=1"},
      {"https://example.org/a\"b<c>|d", "https://example.org/a%22b%3Cc%3E%7Cd"},
      {"https://example.org/a/./b/../c", "https://example.org/a/c"},
      {"https://example.org/../../etc/passwd", "https://example.org/etc/passwd"},
      {"https://example.org\\a\\b", "https://example.org/a/b"},
      {"https://example.org/?a\\b", "https://example.org/?a%5Cb"},
      {"https://example.org/a?", "https://example.org/a?"},
      {"https://example.org/a?#b", "https://example.org/a?"},
      {"https://example.org/a;b=1?c;d", "https://example.org/a;b=1?c;d"},
      {"https://example.org//a//b", "https://example.org//a//b"},
      {"https://example.org/%7Eana/%41%2d%2E%5f", "https://example.org/~ana/A-._"},
      {"https://example.org/a/%2e%2E/b", "https://example.org/b"},
      {"https://example.org?x=/..", "https://example.org/?x=/.."},
      {"http:/example.org/a", "http://example.org/a"},
      {"http:example.org/a", "http://example.org/a"},
      {"http:\\\\example.org\\a", "http://example.org/a"},
      {"http://192.0.2.5.pictures.example/a", "http://192.0.2.5.pictures.example/a"},
      {"http://müller.example/ü", "http://xn--mller-kva.example/%C3%BC"},
      {"http://0x7f.1/", "http://127.0.0.1/"},
      {"https://exam\nple.org/a\tb", "https://example.org/ab"},
      {"http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"},
      {"http://[::1]/", "http://[::1]/"},
      {"http://192.0.2.7/", "http://192.0.2.7/"},
  }));
  CHECK(good(text).str() == normal);
  // What was normalised once stays as it is.
  CHECK(good(normal).str() == normal);
}

TEST_CASE("what is no URL is refused") {
  struct row {
    char const* text;
    errc code;
  };
  auto const [text, code] = GENERATE(values<row>({
      {"", errc::bad_url},
      {"   ", errc::bad_url},
      {"example.org/a", errc::bad_url},
      {"/a/b", errc::bad_url},
      {"https://", errc::bad_url},
      {"https:///a", errc::bad_url},
      {"http://example.org:0/", errc::bad_url},
      {"http://example.org:65536/", errc::bad_url},
      {"http://example.org:99999/", errc::bad_url},
      {"http://example.org:99999999999999999999/", errc::bad_url},
      {"http://example.org:-1/", errc::bad_url},
      {"http://example.org:8a/", errc::bad_url},
      {"http://[::1/", errc::bad_url},
      {"http://[::g]/", errc::bad_url},
      {"http://a b/", errc::bad_url},
      {"http://a%2Fb/", errc::bad_url},
      {"http:///a", errc::bad_url},
      {"http://256.0.0.1/", errc::bad_url},
      {"javascript:alert(1)", errc::blocked_scheme},
      {"data:image/png;base64,AAAA", errc::blocked_scheme},
      {"file:///etc/passwd", errc::blocked_scheme},
      {"ftp://example.org/", errc::blocked_scheme},
      {"mailto:a@example.org", errc::blocked_scheme},
  }));
  auto const out = url::parse(text);
  CAPTURE(text);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == code);
}

TEST_CASE("an escape of a reserved character stays as it is written") {
  constexpr std::string_view reserved = "!#$&'()*+,/:;=?@[]%";
  for (auto const c : reserved) {
    for (auto const* const form : {"{}%{:02X}{}", "{}%{:02x}{}"}) {
      auto const path = fmt::format(fmt::runtime(form), "https://example.org/a", c, "b");
      auto const query = fmt::format(fmt::runtime(form), "https://example.org/a?b=", c, "c");
      CHECK(good(path).str() == path);
      CHECK(good(query).str() == query);
      CHECK(good("https://example.org/x/y").resolve(path)->str() == path);
    }
  }
  CHECK(good("https://h.example/a%2Fb") != good("https://h.example/a/b"));
  CHECK(good("https://h.example/a?b=%2B") != good("https://h.example/a?b=+"));
  CHECK(good("https://h.example/a?") != good("https://h.example/a"));
}

TEST_CASE("a URL may be 8192 bytes long and no longer") {
  std::string const base = "https://example.org/";
  CHECK(url::parse(base + std::string(8192 - base.size(), 'a')));
  auto const out = url::parse(base + std::string(8193 - base.size(), 'a'));
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::bad_url);
  CHECK_FALSE(url::parse("https://" + std::string(254, 'a') + "/"));
}

TEST_CASE("references resolve as RFC 3986 says") {
  struct row {
    char const* reference;
    char const* resolved;
  };
  auto const base = good("https://example.org:8443/events/june/page.html?x=1");
  auto const [reference, resolved] = GENERATE(values<row>({
      {"", "https://example.org:8443/events/june/page.html?x=1"},
      {"#top", "https://example.org:8443/events/june/page.html?x=1"},
      {"?y=2", "https://example.org:8443/events/june/page.html?y=2"},
      {"a.jpg", "https://example.org:8443/events/june/a.jpg"},
      {"./a.jpg", "https://example.org:8443/events/june/a.jpg"},
      {"../a.jpg", "https://example.org:8443/events/a.jpg"},
      {"../../../../a.jpg", "https://example.org:8443/a.jpg"},
      {"/a.jpg", "https://example.org:8443/a.jpg"},
      {" /a b.jpg ", "https://example.org:8443/a%20b.jpg"},
      {"/img[1].jpg", "https://example.org:8443/img%5B1%5D.jpg"},
      {"img[1].jpg", "https://example.org:8443/events/june/img%5B1%5D.jpg"},
      {"/a/Tiësto.jpg", "https://example.org:8443/a/Ti%C3%ABsto.jpg"},
      {"//img.example.net/a.jpg", "https://img.example.net/a.jpg"},
      {"https:/a.jpg", "https://example.org:8443/a.jpg"},
      {"http:/img.example.net/a.jpg", "http://img.example.net/a.jpg"},
      {"?", "https://example.org:8443/events/june/page.html?"},
      {"a%2Fb.jpg", "https://example.org:8443/events/june/a%2Fb.jpg"},
      {"//[::1]:81/a.jpg", "https://[::1]:81/a.jpg"},
      {"http://other.example/", "http://other.example/"},
      {"HTTP://user:pw@Other.example/#x", "http://other.example/"},
  }));
  auto const out = base.resolve(reference);
  CAPTURE(reference);
  REQUIRE(out);
  CHECK(out->str() == resolved);
}

TEST_CASE("a reference cannot leave http and https") {
  auto const base = good("https://example.org/");
  for (char const* const reference : {"javascript:alert(1)", "data:,x", "file:///etc/passwd"}) {
    CAPTURE(reference);
    auto const out = base.resolve(reference);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == errc::blocked_scheme);
  }
  CHECK_FALSE(base.resolve("//host:99999/"));
}

TEST_CASE("a URL tells its parts") {
  auto const u = good("http://[2001:db8::1]:8080/a/b?c=d&e=f");
  CHECK(u.scheme() == "http");
  CHECK(u.host() == "2001:db8::1");
  CHECK(u.port() == 8080);
  CHECK(u.path() == "/a/b");
  CHECK(u.query() == "c=d&e=f");
  CHECK(u.target() == "/a/b?c=d&e=f");
  CHECK(u.origin() == "http://[2001:db8::1]:8080");
  CHECK(u.host_header() == "[2001:db8::1]:8080");
  CHECK(u.host_and_port() == "[2001:db8::1]:8080");
  CHECK_FALSE(u.is_https());

  auto const plain = good("https://example.org");
  CHECK(plain.host_header() == "example.org");
  CHECK(plain.host_and_port() == "example.org:443");
  CHECK(plain.target() == "/");
  CHECK(plain.is_https());
  CHECK(u.without_query().str() == "http://[2001:db8::1]:8080/a/b");
  CHECK(u.with_path("/robots.txt").str() == "http://[2001:db8::1]:8080/robots.txt");
}

TEST_CASE("people see neither query nor credentials") {
  auto const u = good("https://bob:hunter2@example.org/a?token=s3cret");
  for (auto const& text : {u.safe(), fmt::format("{}", u)}) {
    CHECK(text == "https://example.org/a?…");
  }
  CHECK(good("https://example.org/a").safe() == "https://example.org/a");

  struct row {
    char const* text;
    char const* safe;
  };
  auto const [text, safe] = GENERATE(values<row>({
      {"https://example.org/a?token=s3cret", "https://example.org/a?…"},
      {"https://bob:hunter2@example.org/a", "https://example.org/a"},
      {"https://bob:hunter2@example.org", "https://example.org"},
      {"https://a@b@example.org/", "https://example.org/"},
      {"https://example.org/user@home", "https://example.org/user@home"},
      {"https://example.org/a#s3cret", "https://example.org/a"},
      {"not a URL?s3cret", "not a URL?…"},
      {"", ""},
  }));
  CHECK(safe_url(text) == safe);
}

TEST_CASE("the message about a bad URL does not repeat its query or credentials") {
  for (char const* const text :
       {"ftp://bob:hunter2@example.org/?token=s3cret", "http://[bad?token=s3cret",
        "http://bob:hunter2@example.org:99999/?token=s3cret"}) {
    auto const out = url::parse(text);
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("s3cret") == std::string::npos);
    CHECK(out.error().message.find("hunter2") == std::string::npos);
  }
}
