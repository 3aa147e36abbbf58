// SPDX-License-Identifier: MIT
#include "catalog/hosts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <string>

#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

/// What a restart would find: the catalog is closed and opened again.
template <class Use>
void after_restart(std::filesystem::path const& dir, Use use) {
  auto const facts = catalog::open(dir, "test");
  REQUIRE(facts);
  auto const reader = catalog::open_read_only(dir);
  REQUIRE(reader);
  catalog_host_memory memory{**facts, **reader};
  use(memory);
}

void keep(catalog_host_memory& memory, std::string const& host, lane_state const& state) {
  asio::io_context loop;
  asio::co_spawn(loop, memory.keep_lane(host, state), asio::detached);
  loop.run();
}

}  // namespace

TEST_CASE("what is known of hosts survives a restart") {
  scratch_folder const folder;
  lane_state const resting{.cooldown_until = from_rfc3339("2027-06-12T05:30:00.123Z"),
                           .breaker_until = {},
                           .consecutive_failures = 3};
  lane_state const broken{.cooldown_until = {},
                          .breaker_until = from_rfc3339("2027-06-12T06:00:00Z"),
                          .consecutive_failures = 11};
  robots_record const rules{.status = 200,
                            .body = "User-agent: *\nDisallow: /\n",
                            .fetched_at = *from_rfc3339("2027-06-12T05:00:00.007Z")};
  robots_record const silent{.status = 0, .body = {}, .fetched_at = rules.fetched_at};

  after_restart(folder.path, [&](catalog_host_memory& memory) {
    CHECK(memory.lanes().empty());
    CHECK_FALSE(memory.robots("https://a.example"));
    keep(memory, "a.example", broken);
    keep(memory, "a.example", resting);
    keep(memory, "b.example", broken);
    keep(memory, "c.example", {});
    memory.keep_robots("https://a.example", silent);
    memory.keep_robots("https://a.example", rules);
    memory.keep_robots("http://a.example:8080", silent);
    // Robots are of use at once; lanes are the client's own until it ends.
    REQUIRE(memory.robots("https://a.example"));
    CHECK(memory.robots("https://a.example")->body == rules.body);
  });
  after_restart(folder.path, [&](catalog_host_memory& memory) {
    auto const lanes = memory.lanes();
    std::map<std::string, lane_state> const by_host{lanes.begin(), lanes.end()};
    REQUIRE(by_host.size() == 3);
    CHECK(by_host.at("a.example") == resting);
    CHECK(by_host.at("b.example") == broken);
    CHECK(by_host.at("c.example") == lane_state{});
    auto const kept = memory.robots("https://a.example");
    REQUIRE(kept);
    CHECK(kept->status == 200);
    CHECK(kept->body == rules.body);
    CHECK(kept->fetched_at == rules.fetched_at);
    REQUIRE(memory.robots("http://a.example:8080"));
    CHECK(memory.robots("http://a.example:8080")->status == 0);
    CHECK_FALSE(memory.robots("http://a.example"));
  });
}
