// SPDX-License-Identifier: MIT
#include "events/publish/target.hpp"
#include "events/model/d1_settings.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

config with_d1() {
  config out;
  out.edit<d1_config>().account_id = "acct";
  out.edit<d1_config>().database_id = "uuid-1";
  out.edit<d1_config>().api_token = secret{"token"};
  return out;
}

sync_request only_publish() {
  sync_request out;
  out.scrape = out.images = out.upload = false;
  return out;
}

}  // namespace

TEST_CASE("where a run publishes") {
  config const without;
  auto const with = with_d1();
  sync_request sync;
  CHECK(target_of(without, sync) == publish_target::script);
  CHECK(target_of(with, sync) == publish_target::d1);
  CHECK(target_of(with, only_publish()) == publish_target::script);
  auto asked = only_publish();
  asked.execute = true;
  CHECK(target_of(with, asked) == publish_target::d1);
  CHECK(target_of(without, asked) == publish_target::d1);  // and says there what is missing
  for (auto request : {sync, only_publish(), asked}) {
    request.local = true;
    CHECK(target_of(with, request) == publish_target::local_database);
    request.use_wrangler = true;
    CHECK(target_of(with, request) == publish_target::wrangler_local);
    request.local = false;
    CHECK(target_of(with, request) == publish_target::wrangler);
  }
}

TEST_CASE("a database without a token is not enough to publish unasked") {
  auto half = with_d1();
  half.edit<d1_config>().api_token = secret{};
  CHECK(target_of(half, {}) == publish_target::script);
}

TEST_CASE("REST and wrangler share what a database has confirmed") {
  auto const with = with_d1();
  CHECK(name_in_catalog(publish_target::d1, with) == "d1:uuid-1");
  CHECK(name_in_catalog(publish_target::wrangler, with) == "d1:uuid-1");
  CHECK(name_in_catalog(publish_target::wrangler_local, with) != "d1:uuid-1");
  CHECK(name_in_catalog(publish_target::local_database, with) == "local");
}
