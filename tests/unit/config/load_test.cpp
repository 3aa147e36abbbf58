// SPDX-License-Identifier: MIT
#include "config/load.hpp"
#include "events/model/d1_settings.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>

using namespace vinny;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A folder of its own that is the current one while it lives.
class workplace {
 public:
  workplace() : before_(fs::current_path()) {
    auto name = (fs::temp_directory_path() / "vinny-config-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::current_path(path_);
  }
  ~workplace() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
    fs::remove_all(path_, ignored);
  }
  workplace(workplace const&) = delete;
  workplace& operator=(workplace const&) = delete;

  fs::path write(fs::path const& name, std::string const& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  [[nodiscard]] fs::path const& path() const { return path_; }

 private:
  fs::path before_;
  fs::path path_;
};

environment of(std::map<std::string, std::string> values) {
  return {.get = [values](std::string const& name) -> std::optional<std::string> {
            auto const found = values.find(name);
            if (found == values.end()) return {};
            return found->second;
          },
          .names =
              [values] {
                std::vector<std::string> names;
                for (auto const& [name, value] : values) names.push_back(name);
                return names;
              }};
}

using variables = std::map<std::string, std::string>;

config good(load_options const& options) {
  auto read = load_config(options);
  if (!read) {
    for (auto const& problem : read.error()) UNSCOPED_INFO(to_string(problem));
  }
  REQUIRE(read);
  return *std::move(read);
}

std::vector<std::string> problems(load_options const& options) {
  auto const read = load_config(options);
  std::vector<std::string> texts;
  if (read) return texts;
  for (auto const& problem : read.error()) texts.push_back(to_string(problem));
  return texts;
}

}  // namespace

TEST_CASE("the file is the one named, else ./vinny.toml") {
  workplace const here;
  auto const named = here.write("conf/other.toml",
                                "contact = \"b@example.org\"\n"
                                "[http]\nca_file = \"ca.pem\"\n");
  here.write("vinny.toml", "contact = \"a@example.org\"\n[http]\nca_file = \"ca.pem\"\n");

  auto const found = good({.env = of({})});
  CHECK(found.contact == "a@example.org");
  CHECK(found.file == "vinny.toml");
  CHECK(found.http.ca_file == "ca.pem");
  auto const given = good({.file = named, .env = of({})});
  CHECK(given.contact == "b@example.org");
  CHECK(given.file == named);
  CHECK(given.http.ca_file == here.path() / "conf/ca.pem");
}

TEST_CASE("a file that was named must be there and readable") {
  workplace const here;
  CHECK(problems({.file = "missing.toml", .env = of({})}) ==
        std::vector<std::string>{"missing.toml: cannot be read: No such file or directory"});
  CHECK(problems({.file = here.path(), .env = of({})}).size() == 1);
  auto const large = here.write("large.toml", std::string(300'000, '\n'));
  CHECK_THAT(problems({.file = large, .env = of({})})[0], Catch::Contains("File too large"));
}

TEST_CASE("--data-dir wins over the environment, and that over the file") {
  workplace const here;
  here.write("vinny.toml", "data_dir = \"from-file\"\n");
  CHECK(good({.env = of({})}).data_dir == "from-file");
  CHECK(good({.env = of({{"VINNY_DATA_DIR", "from-env"}})}).data_dir == "from-env");
  CHECK(good({.data_dir = "given", .env = of({{"VINNY_DATA_DIR", "from-env"}})}).data_dir ==
        "given");
  CHECK(good({.env = of({{"VINNY_DATA_DIR", ""}})}).data_dir == "from-file");
  CHECK(problems({.data_dir = "", .env = of({})}).size() == 1);
}

TEST_CASE("scalar keys of any section are variables, with the same bounds") {
  workplace const here;
  auto const c = good({.env = of({{"VINNY_CONTACT", "x@example.org"},
                                  {"VINNY_HTTP_CONCURRENCY", "3"},
                                  {"VINNY_HTTP_ALLOW_PRIVATE_ADDRESSES", "yes"},
                                  {"VINNY_POLITENESS_ROBOTS", "0"},
                                  {"VINNY_POLITENESS_DELAY_MS", " 7 "},
                                  {"VINNY_STORE_PUBLIC_URL", "https://img.example.org/"}})});
  CHECK(c.contact == "x@example.org");
  CHECK(c.http.concurrency == 3);
  CHECK(c.http.allow_private_addresses);
  CHECK_FALSE(c.politeness.robots);
  CHECK(c.politeness.delay == 7ms);
  CHECK(c.store.public_url == "https://img.example.org");

  CHECK(problems({.env = of({{"VINNY_HTTP_CONCURRENCY", "0"},
                             {"VINNY_HTTP_MAX_REDIRECTS", "3x"},
                             {"VINNY_POLITENESS_ROBOTS", "maybe"},
                             {"VINNY_HTTP_PORTS", "80"}})}) ==
        std::vector<std::string>{
            "environment: VINNY_HTTP_CONCURRENCY: must be 1 to 1000, not 0",
            "environment: VINNY_HTTP_PORTS: cannot be a variable: write http.ports in the "
            "configuration file",
            "environment: VINNY_HTTP_MAX_REDIRECTS: must be an integer, not \"3x\"",
            "environment: VINNY_POLITENESS_ROBOTS: must be true or false, not \"maybe\""});
}

TEST_CASE("an unknown VINNY_ variable is a problem, those of others are not") {
  workplace const here;
  CHECK(problems({.env = of({{"VINNY_CONTCAT", "x"}})}) ==
        std::vector<std::string>{
            "environment: VINNY_CONTCAT: unknown variable (did you mean VINNY_CONTACT?)"});
  CHECK(problems({.env = of({{"VINNY_CRASH_AT", "1"},
                             {"VINNY_TEST_X", "1"},
                             {"VINNY_LOG_LEVEL", "debug"},
                             {"VINNY_EMPTY", ""},
                             {"HOME", "/"}})})
            .empty());
  here.write(".env", "VINNY_STROE_KIND=s3\n");
  CHECK(problems({.env = of({})}) ==
        std::vector<std::string>{
            ".env:1: VINNY_STROE_KIND: unknown variable (did you mean VINNY_STORE_KIND?)"});
}

TEST_CASE("the names of the original system are understood") {
  workplace const here;
  variables const original{{"R2_ACCOUNT_ID", "abc123"},
                           {"R2_ACCESS_KEY_ID", "id"},
                           {"R2_SECRET_ACCESS_KEY", "key"},
                           {"R2_BUCKET", "vinny-vegas-images"},
                           {"R2_PUBLIC_URL", "https://img.example.org"},
                           {"CLOUDFLARE_API_TOKEN", "token"},
                           {"CLOUDFLARE_ACCOUNT_ID", "account"},
                           {"D1_DATABASE_ID", "database"}};
  auto const c = good({.env = of(original)});
  CHECK(c.store.kind == "directory");
  CHECK(c.store.endpoint == "https://abc123.r2.cloudflarestorage.com");
  CHECK(c.store.access_key_id.reveal() == "id");
  CHECK(c.store.secret_access_key.reveal() == "key");
  CHECK(c.store.bucket == "vinny-vegas-images");
  CHECK(c.store.public_url == "https://img.example.org");
  CHECK(c.of<d1_config>().api_token.reveal() == "token");
  CHECK(c.of<d1_config>().account_id == "account");
  CHECK(c.of<d1_config>().database_id == "database");

  auto more = original;
  more["VINNY_STORE_BUCKET"] = "mine";
  more["VINNY_STORE_KIND"] = "s3";
  here.write("vinny.toml", "[store]\nendpoint = \"http://127.0.0.1:9000\"\nbucket = \"file\"\n");
  auto const mixed = good({.env = of(more)});
  CHECK(mixed.store.kind == "s3");
  CHECK(mixed.store.bucket == "mine");
  CHECK(mixed.store.endpoint == "http://127.0.0.1:9000");
  CHECK(
      problems({.file = here.write("e.toml", ""), .env = of({{"R2_ACCOUNT_ID", "a/b"}})}).size() ==
      1);
}

TEST_CASE("what a file leaves out for S3 may come from the environment") {
  workplace const here;
  here.write("vinny.toml", "[store]\nkind = \"s3\"\n");
  CHECK(problems({.env = of({})}).size() == 2);
  CHECK(problems({.env = of({{"R2_ACCOUNT_ID", "abc"}, {"R2_BUCKET", "images"}})}).empty());
  here.write("vinny.toml", "");
  auto const found = problems({.env = of({{"VINNY_STORE_KIND", "s3"}, {"R2_BUCKET", "images"}})});
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0], Catch::StartsWith("environment: store.endpoint: is needed"));
}

TEST_CASE("the .env beside the file lies between the file and the process") {
  workplace const here;
  auto const file = here.write("conf/vinny.toml",
                               "contact = \"file@example.org\"\n"
                               "[http]\nconcurrency = 2\nmax_redirects = 2\n");
  here.write("conf/.env",
             "export VINNY_CONTACT='env@example.org'\nVINNY_HTTP_CONCURRENCY=3\n"
             "VINNY_HTTP_MAX_REDIRECTS=\n");
  here.write(".env", "VINNY_CONTACT=elsewhere@example.org\n");
  auto const c = good({.file = file, .env = of({{"VINNY_HTTP_CONCURRENCY", "4"}})});
  CHECK(c.contact == "env@example.org");
  CHECK(c.http.concurrency == 4);
  CHECK(c.http.max_redirects == 2);

  here.write("conf/.env", "\nVINNY_CONTACT=ops@\nnonsense\n");
  auto const dotenv = (here.path() / "conf/.env").string();
  auto const found = problems({.file = file, .env = of({})});
  REQUIRE(found.size() == 2);
  CHECK(found[0] == dotenv + ":3: must be KEY=VALUE");
  CHECK_THAT(found[1], Catch::StartsWith(dotenv + ":2: VINNY_CONTACT: must be an e-mail"));
}

TEST_CASE("a folder called .env is not a file of variables") {
  workplace const here;
  fs::create_directory(here.path() / ".env");
  CHECK(problems({.file = here.write("vinny.toml", ""), .env = of({})}).empty());
}

TEST_CASE("systemd's credentials win over file and environment for secrets") {
  workplace const here;
  auto const file = here.write("vinny.toml",
                               "[store]\naccess_key_id = \"file\"\nsecret_access_key = \"file\"\n"
                               "[d1]\napi_token = \"file\"\n");
  here.write("credentials/store.secret_access_key", "first\n");
  here.write("credentials/R2_SECRET_ACCESS_KEY", "second\n");
  here.write("credentials/R2_ACCESS_KEY_ID", " id \n");
  here.write("credentials/cloudflare_api_token", "");
  auto const c = good({.file = file,
                       .env = of({{"CREDENTIALS_DIRECTORY", here.path() / "credentials"},
                                  {"R2_ACCESS_KEY_ID", "env"},
                                  {"CLOUDFLARE_API_TOKEN", "env"}})});
  CHECK(c.store.secret_access_key.reveal() == "first");
  CHECK(c.store.access_key_id.reveal() == "id");
  CHECK(c.of<d1_config>().api_token.reveal() == "env");

  fs::create_directory(here.path() / "credentials/d1.api_token");
  auto const found =
      problems({.file = file, .env = of({{"CREDENTIALS_DIRECTORY", here.path() / "credentials"}})});
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0], Catch::Contains("d1.api_token: cannot be read"));
}

TEST_CASE("problems of file and environment come together, the file's first") {
  workplace const here;
  here.write("vinny.toml", "contact = 3\n[http]\nx = 1\n");
  auto const found = problems({.env = of({{"VINNY_IMAGES_QUALITY", "0"}})});
  REQUIRE(found.size() == 3);
  CHECK_THAT(found[0], Catch::StartsWith("vinny.toml:1: contact"));
  CHECK_THAT(found[1], Catch::StartsWith("vinny.toml:3: http.x"));
  CHECK_THAT(found[2], Catch::StartsWith("environment: VINNY_IMAGES_QUALITY"));
}

TEST_CASE("the process's own variables are a snapshot") {
  ::setenv("VINNY_TEST_SNAPSHOT", "before", 1);
  auto const taken = process_environment();
  ::setenv("VINNY_TEST_SNAPSHOT", "after", 1);
  CHECK(taken.get("VINNY_TEST_SNAPSHOT") == "before");
  CHECK(taken.get("VINNY_TEST_NOT_THERE") == std::nullopt);
  auto const names = taken.names();
  CHECK(std::ranges::find(names, "VINNY_TEST_SNAPSHOT") != names.end());
  ::unsetenv("VINNY_TEST_SNAPSHOT");
}
