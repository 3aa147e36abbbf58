// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "config/checks.hpp"
#include "config/load.hpp"

using namespace vinny;
using namespace vinny::settings;

namespace {

struct rows {
  text_check check;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

void run(rows const& table) {
  for (auto text : table.good) {
    INFO(text);
    auto const wrong = table.check(text);
    INFO(wrong.value_or(""));
    CHECK_FALSE(wrong);
  }
  for (auto text : table.bad) {
    INFO(text);
    CHECK(table.check(text));
  }
}

std::string normal(text_check check, std::string text) {
  REQUIRE_FALSE(check(text));
  return text;
}

std::vector<std::string> keys_of_problems(std::string_view toml) {
  auto const read = parse_config(toml, "x.toml");
  std::vector<std::string> keys;
  if (!read) {
    for (auto const& problem : read.error()) keys.push_back(problem.key);
  }
  return keys;
}

using keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a contact is an e-mail address or a page") {
  run({contact,
       {"", "ops@example.org", "a.b+c@sub.example.org", "root@localhost", "https://example.org/bot",
        "HTTP://example.org"},
       {"ops", "ops@", "@example.org", "a b@example.org", "a@b@c", "a@b:1", "a@[::1]",
        "ftp://example.org", "https://", "https://example.org/a)", "ops@example..org",
        "ops@-example.org"}});
}

TEST_CASE("base URLs are http or https, without credentials or query") {
  run({base_url,
       {"https://img.example.org", "http://127.0.0.1:9000/base/path", "https://[::1]:8443/"},
       {"", "img.example.org", "//img.example.org", "ftp://example.org", "https://", "https:///x",
        "https://u:p@example.org", "https://u@example.org/", "https://example.org/?q",
        "https://example.org/#f", "https://exa mple.org", "https://example.org:99999"}});
  CHECK(normal(base_url, "https://example.org/a//") == "https://example.org/a");
  run({page_url_or_empty,
       {"", "https://example.org/sitemap.xml?a=b"},
       {"sitemap.xml", "file:///etc/passwd"}});
}

TEST_CASE("hosts come without scheme and port") {
  run({host,
       {"example.org", "img.example.org", "127.0.0.1", "[::1]", "::1", "a_b.example", "localhost"},
       {"", "https://example.org", "example.org:443", "*.example.org", "a b", "-a.org", "a..b",
        ".example.org", "example.org/", "[::1", "[x]"}});
  CHECK(normal(host, "IMG.Example.ORG") == "img.example.org");
  CHECK(normal(host, "[::1]") == "::1");
}

TEST_CASE("connect_to leads from a host to an address") {
  run({host_and_port,
       {"example.org:443", "127.0.0.1:1", "[::1]:65535"},
       {"", "example.org", "example.org:", ":443", "example.org:0", "example.org:65536",
        "example.org:0443", "example.org:+1", "::1:80", "[example.org]:80", "https://x:80"}});
  run({address_and_port,
       {"127.0.0.5:8443", "[::1]:8443", "[2001:db8::1]:1"},
       {"", "127.0.0.5", "example.org:443", "127.0.0.256:1", "127.1:80", "::1:80", "[127.0.0.1]:80",
        "127.0.0.1:99999"}});
  CHECK(normal(host_and_port, "IMG.example.org:443") == "img.example.org:443");
}

TEST_CASE("the control endpoint listens on loopback only") {
  run({listen_address,
       {"", "127.0.0.1:8787", "127.0.0.9:1", "[::1]:8787", "localhost:8787", "LOCALHOST:8787"},
       {"8787", ":8787", "0.0.0.0:8787", "[::]:8787", "192.168.0.1:8787", "example.org:8787",
        "localhost", "127.0.0.1:0", "127.0.0.1:x", "::1:8787", "[localhost]:8787",
        "127.0.0.1.example.org:80"}});
}

TEST_CASE("names in the store and the database are safe in a URL") {
  run({bucket,
       {"", "vinny-vegas-images", "a.b", "A_b"},
       {"ab", "-abc", "a/b", "a b c", std::string(64, 'a')}});
  run({region, {"auto", "us-east-1"}, {"", "a b", "a/b"}});
  run({key_prefix, {"", "thumbnails/", "a/b"}, {"/a", "../a", "a/./b", std::string(513, 'a')}});
  run({acl, {"", "private", "public-read"}, {"public", "PUBLIC-READ"}});
  run({identifier, {"", "0123-abcd", "vinny_db"}, {"a/b", "a b", "a?b", std::string(65, 'a')}});
  run({store_kind, {"directory", "s3"}, {"", "S3", "gcs"}});
}

TEST_CASE("paths stay where they belong") {
  run({contained_path, {"public", "a/b", "/srv/public", "..a"}, {"", "..", "a/../b", "../x"}});
  run({socket_path, {"vinnyd.sock", std::string(107, 'a')}, {"", std::string(108, 'a')}});
}

TEST_CASE("venues are held to tags, extractors and zones") {
  run({slug_text,
       {"liv", "omnia-dayclub", "9"},
       {"", "LIV", "a b", "../etc", std::string(81, 'a')}});
  run({extractor, {"liv", "xs", "ebc", "tao", "schema-org"}, {"", "LIV", "schema_org"}});
  run({time_zone,
       {"America/Los_Angeles", "UTC", "Europe/Berlin"},
       {"", "America/Las_Vegas", "PST8PDT4", "../../etc/passwd"}});
  std::string unknown = "livv";
  CHECK(extractor(unknown) == "unknown extractor \"livv\" (known: liv, xs, ebc, tao, schema-org)");
}

TEST_CASE("no text holds control characters or is endless") {
  CHECK_FALSE(check_printable("Ünïcode ✓"));
  CHECK(check_printable("a\r\nX-Header: b"));
  CHECK(check_printable(std::string("a\0b", 3)));
  CHECK(check_printable("a\x7f"));
  CHECK_FALSE(check_printable(std::string(4096, 'a')));
  CHECK(check_printable(std::string(4097, 'a')));
  CHECK(keys_of_problems("contact = \"a@b.c\\r\\nX: y\"") == keys{"contact"});
  CHECK(keys_of_problems("data_dir = \"a\\u0000b\"") == keys{"data_dir"});
}

TEST_CASE("what belongs together is asked for together") {
  CHECK(keys_of_problems("[store]\nkind = \"s3\"") == keys{"store.endpoint", "store.bucket"});
  CHECK(keys_of_problems("[store]\nkind = \"s3\"\nendpoint = \"https://e.org\"\nbucket = \"abc\"")
            .empty());
  // What was given and refused is not missing as well.
  CHECK(keys_of_problems("[store]\nkind = \"s3\"\nendpoint = \"https://e.org\"\nbucket = 3") ==
        keys{"store.bucket"});
  CHECK(keys_of_problems("[store]\nkind = \"s4\"") == keys{"store.kind"});
  CHECK(keys_of_problems("[store]\naccess_key_id = \"a\"") == keys{"store.secret_access_key"});
  CHECK(keys_of_problems("[store]\nsecret_access_key = \"a\"") == keys{"store.access_key_id"});
  CHECK(keys_of_problems("[control]\nlisten = \"127.0.0.1:1\"") == keys{"control.token_file"});
  auto const read = parse_config("\n[store]\nkind = \"s3\"\nbucket = \"abc\"\n", "x.toml");
  REQUIRE_FALSE(read);
  CHECK(read.error()[0].line == 3);
}
