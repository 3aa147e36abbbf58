// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "captures/model/capture_settings.hpp"
#include "config/load.hpp"
#include "events/model/d1_settings.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

config good(std::string_view toml, std::string const& file = "vinny.toml") {
  auto read = parse_config(toml, file);
  if (!read) {
    for (auto const& problem : read.error()) UNSCOPED_INFO(to_string(problem));
  }
  REQUIRE(read);
  return *std::move(read);
}

// The example of design.md, section 8.
constexpr auto contract = R"(
data_dir = "data"
contact  = "ops@example.org"
[http]
concurrency             = 6
allow_private_addresses = true
connect_to = { "IMG.example.org:443" = "127.0.0.5:8443", "[::1]:80" = "[::1]:8080" }
ca_file = "ca.pem"
[politeness]
delay_ms = 250
retries  = 4
robots   = false
[politeness.host."CDN.example.org"]
delay_ms = 0
concurrency = 16
[images]
min_width = 101
min_height = 102
min_bytes = 1025
sizes = { hd = 1500, main = 500 }
[thumbnails]
sizes = { medium = 1024, small = 240, big = 2560 }
[store]
kind = "directory"
directory = "pub"
public_url = "https://img.example.org/"
[d1]
account_id = "a1"
database_id = "6a4b-11"
database_name = "db"
api_url = "http://127.0.0.1:8787/client/v4"
[control]
socket = "other.sock"
listen = "127.0.0.1:8787"
token_file = "/run/token"
)";

}  // namespace

TEST_CASE("an empty file gives the defaults of the contract") {
  auto const c = good("");
  CHECK(c.data_dir == "data");
  CHECK(c.contact.empty());
  CHECK(c.http.concurrency == 5);
  CHECK_FALSE(c.http.allow_private_addresses);
  CHECK(c.politeness.delay == 200ms);
  CHECK(c.politeness.retries == 3);
  CHECK(c.politeness.robots);
  CHECK(c.images.min_width == 100);
  CHECK(c.images.min_height == 100);
  CHECK(c.images.min_bytes == 1024);
  CHECK(c.images.sizes ==
        std::vector<std::pair<std::string, std::uint32_t>>{{"main", 500}, {"hd", 1500}});
  CHECK(c.store.kind == "directory");
  CHECK(c.store.directory == "public");
  CHECK(c.store.public_url == "https://img.vinny.vegas");
  CHECK(c.of<d1_config>().database_name == "vinny-vegas-events-db");
  CHECK(c.control.socket == "vinnyd.sock");
  CHECK(c.control.listen.empty());
  CHECK(c.venues.size() >= 15);
}

TEST_CASE("every key of the contract is read") {
  auto const c = good(contract, "conf/vinny.toml");
  CHECK(c.file == "conf/vinny.toml");
  CHECK(c.data_dir == "data");
  CHECK(c.contact == "ops@example.org");
  CHECK(c.http.concurrency == 6);
  CHECK(c.http.allow_private_addresses);
  CHECK(c.http.connect_to ==
        std::map<std::string, std::string>{{"img.example.org:443", "127.0.0.5:8443"},
                                           {"[::1]:80", "[::1]:8080"}});
  CHECK(c.http.ca_file == "conf/ca.pem");
  CHECK(c.politeness.delay == 250ms);
  CHECK(c.politeness.retries == 4);
  CHECK_FALSE(c.politeness.robots);
  CHECK(c.images.min_width == 101);
  CHECK(c.images.min_height == 102);
  CHECK(c.images.min_bytes == 1025);
  CHECK(c.store.directory == "pub");
  CHECK(c.store.public_url == "https://img.example.org");
  CHECK(c.of<d1_config>().account_id == "a1");
  CHECK(c.of<d1_config>().database_id == "6a4b-11");
  CHECK(c.of<d1_config>().database_name == "db");
  CHECK(c.of<d1_config>().api_url == "http://127.0.0.1:8787/client/v4");
  CHECK(c.control.socket == "other.sock");
  CHECK(c.control.listen == "127.0.0.1:8787");
  CHECK(c.control.token_file == "/run/token");
}

TEST_CASE("image sizes go from small to large, thumbnail sizes keep the order of the file") {
  auto const c = good(contract);
  CHECK(c.images.sizes.front().first == "main");
  CHECK(c.images.sizes.back().first == "hd");
  REQUIRE(c.of<thumbnails_config>().sizes.size() == 3);
  CHECK(c.of<thumbnails_config>().sizes[0].label == "medium");
  CHECK(c.of<thumbnails_config>().sizes[1].label == "small");
  CHECK(c.of<thumbnails_config>().sizes[2] == thumbnail_size{"big", 2560});

  auto const apart = good("[thumbnails.sizes]\nz = 300\na = 200\nm = 100\n");
  CHECK(apart.of<thumbnails_config>().sizes[0].label == "z");
  CHECK(apart.of<thumbnails_config>().sizes[2].label == "m");
}

TEST_CASE("one host's values lie on top of the general ones") {
  auto const c = good(contract);
  auto const own = c.politeness_of("Cdn.Example.org");
  CHECK(own.delay == 0ms);
  CHECK(own.concurrency == 16);
  CHECK(own.retries == 4);
  CHECK_FALSE(own.robots);
  auto const other = c.politeness_of("example.org");
  CHECK(other.delay == 250ms);
  CHECK(other.concurrency == 2);
}

TEST_CASE("keys beyond the contract are read in their units") {
  auto const c = good(R"(
[http]
ports = [80, 443, 8080, 80]
resolve_timeout_s = 1
connect_timeout_s = 2
tls_timeout_s = 3
first_byte_timeout_s = 4
stall_timeout_s = 5
stall_bytes = 6
total_timeout_s = 7
max_page_bytes = 2048
max_redirects = 0
[politeness]
concurrency = 3
breaker_failures = 4
breaker_rest_s = 5
patience_s = 6
[images]
max_bytes = 4096
max_pixels = 10000
quality = 70
)");
  CHECK(c.http.ports == std::vector<std::uint16_t>{80, 443, 8080});
  CHECK(c.http.resolve_timeout == 1s);
  CHECK(c.http.connect_timeout == 2s);
  CHECK(c.http.tls_timeout == 3s);
  CHECK(c.http.first_byte_timeout == 4s);
  CHECK(c.http.stall_timeout == 5s);
  CHECK(c.http.stall_bytes == 6);
  CHECK(c.http.total_timeout == 7s);
  CHECK(c.http.max_page_bytes == 2048);
  CHECK(c.http.max_redirects == 0);
  CHECK(c.politeness.concurrency == 3);
  CHECK(c.politeness.breaker_failures == 4);
  CHECK(c.politeness.breaker_rest == 5s);
  CHECK(c.politeness.patience == 6s);
  CHECK(c.images.max_bytes == 4096);
  CHECK(c.images.max_pixels == 10'000);
  CHECK(c.images.quality == 70);
}

TEST_CASE("an S3 store and its secrets may stand in the file") {
  auto const c = good(R"(
[store]
kind = "s3"
endpoint = "https://s3.example.org/base/"
region = "eu-1"
bucket = "vinny-images"
prefix = "lib/"
acl = "public-read"
path_style = false
access_key_id = "id"
secret_access_key = "key"
[d1]
api_token = "token"
)");
  CHECK(c.store.kind == "s3");
  CHECK(c.store.endpoint == "https://s3.example.org/base");
  CHECK(c.store.region == "eu-1");
  CHECK(c.store.bucket == "vinny-images");
  CHECK(c.store.prefix == "lib/");
  CHECK(c.store.acl == "public-read");
  CHECK_FALSE(c.store.path_style);
  CHECK(c.store.access_key_id.reveal() == "id");
  CHECK(c.store.secret_access_key.reveal() == "key");
  CHECK(c.of<d1_config>().api_token.reveal() == "token");
}

TEST_CASE("paths beside a file without a folder stay relative to the current one") {
  auto const c = good("[http]\nca_file = \"./ca.pem\"\n");
  CHECK(c.http.ca_file == "ca.pem");
  CHECK(good("", "conf/vinny.toml").http.ca_file.empty());
}
