// SPDX-License-Identifier: MIT
#include "blob/s3/s3_address.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

store_config at(std::string endpoint, bool path_style = true) {
  store_config out;
  out.endpoint = std::move(endpoint);
  out.bucket = "images";
  out.path_style = path_style;
  return out;
}

std::string address(store_config const& settings, std::string_view key,
                    query_list const& query = {}) {
  return s3_address::from(settings).value().target(key, query).str();
}

}  // namespace

TEST_CASE("path style: the bucket is in the path, after the endpoint's own") {
  CHECK(address(at("https://acc.r2.cloudflarestorage.com"), "a/b.jpg") ==
        "https://acc.r2.cloudflarestorage.com/images/a/b.jpg");
  CHECK(address(at("http://127.0.0.1:8791/cdn-cgi/local/r2/s3"), "a/b.jpg") ==
        "http://127.0.0.1:8791/cdn-cgi/local/r2/s3/images/a/b.jpg");
  CHECK(address(at("http://127.0.0.1:8791/s3/"), "a") == "http://127.0.0.1:8791/s3/images/a");
  CHECK(address(at("https://e.org"), "", {{"uploads", ""}}) == "https://e.org/images?uploads=");
}

TEST_CASE("virtual-host style: the bucket is in the host") {
  CHECK(address(at("https://s3.example.org", false), "a/b.jpg") ==
        "https://images.s3.example.org/a/b.jpg");
  CHECK(address(at("http://s3.example.org:8080/up", false), "a") ==
        "http://images.s3.example.org:8080/up/a");
  CHECK(address(at("https://s3.example.org", false), "", {{"list-type", "2"}}) ==
        "https://images.s3.example.org/?list-type=2");
}

TEST_CASE("a key is encoded once and never normalised") {
  CHECK(address(at("https://e.org"), "a b/ü/+&?#%2e//c") ==
        "https://e.org/images/a%20b/%C3%BC/%2B%26%3F%23%252e//c");
}

TEST_CASE("the prefix is a part of the key") {
  auto settings = at("https://e.org");
  settings.prefix = "events/";
  CHECK(s3_address::from(settings)->full_key("a.jpg") == "events/a.jpg");
}

TEST_CASE("keys that no store can hold are refused before anything is sent") {
  auto const where = s3_address::from(at("https://e.org")).value();
  CHECK(where.check(std::string(1024, 'k')));
  for (auto const& key :
       {std::string{}, std::string(1025, 'k'), std::string{"a/../b"}, std::string{"./a"},
        std::string{"a/."}, std::string{"a\xff"}, std::string{"a\0b", 3}}) {
    auto const out = where.check(key);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == errc::store_rejected);
  }
  CHECK(where.check("a/..b/c..d"));
}

TEST_CASE("settings that cannot work are told with their cure") {
  auto const code = [](store_config const& settings) {
    auto const out = s3_address::from(settings);
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("store.") != std::string::npos);
    return out.error().code;
  };
  CHECK(code(at("")) == errc::config_invalid);
  CHECK(code(at("ftp://e.org")) == errc::config_invalid);
  auto nameless = at("https://e.org");
  nameless.bucket.clear();
  CHECK(code(nameless) == errc::config_invalid);
}
