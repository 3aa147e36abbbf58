// SPDX-License-Identifier: MIT
#include "policy/refusal.hpp"
#include "specimens/model/specimen_settings.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "policy/classify.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("a verdict hangs on the item, on the host's day, or on a setting") {
  struct row {
    errc code;
    bool passes;
    refusing by = refusing::nothing;
  };
  auto const [code, passes, by] = GENERATE(values<row>({
      {errc::tls_certificate, true, refusing::roots},
      {errc::http_unauthorized, true},
      {errc::http_forbidden, true},
      {errc::http_not_found, true},
      {errc::http_gone, true},
      {errc::http_legal, true},
      {errc::http_unexpected, true},
      {errc::http_server_error, true},
      {errc::connect_timeout, true},
      {errc::short_body, true},
      {errc::too_many_redirects, true, refusing::redirects},
      {errc::redirect_downgrade, true, refusing::downgrade},
      {errc::redirect_broken, true},
      {errc::robots_denied, true, refusing::robots},
      {errc::blocked_address, true, refusing::private_addresses},
      {errc::blocked_port, false, refusing::ports},
      {errc::blocked_host, false, refusing::image_hosts},
      {errc::bad_url, false, refusing::address_rules},
      {errc::body_too_large, false, refusing::most_bytes},
      {errc::image_too_large, false, refusing::most_pixels},
      {errc::image_too_small, false, refusing::least},
      {errc::image_too_few_bytes, false, refusing::least},
      {errc::not_an_image, false},
      {errc::image_type_unsupported, false},
      {errc::image_bomb, false},
      {errc::image_corrupt_again, false},
  }));
  INFO(name(code));
  auto const found = ground_of(failure{code});
  CHECK(found.passes == passes);
  CHECK(found.by == by);
}

TEST_CASE("a page that came in an image's place is the host's day") {
  failure why{errc::not_an_image};
  CHECK_FALSE(ground_of(why).passes);
  why.in_place = true;
  CHECK(ground_of(why).passes);
}

TEST_CASE("a digest changes with the setting that it is of, and with no other") {
  config const before;
  auto const of = [](config const& settings, refusing which) {
    return setting_digest(which, settings, "h.example", settings.of<specimens_config>().max_bytes);
  };
  std::map<refusing, config> changed;
  changed[refusing::robots].politeness.host["h.example"].robots = false;
  changed[refusing::redirects].http.max_redirects = 6;
  changed[refusing::downgrade].politeness.follow_to_http = true;
  changed[refusing::roots].http.ca_file = "ca.pem";
  changed[refusing::private_addresses].http.allow_private_addresses = true;
  changed[refusing::ports].http.ports.push_back(8080);
  venue hall;
  hall.image_hosts = {"img.example"};
  changed[refusing::image_hosts].venues = {hall};
  changed[refusing::most_pixels].images.max_pixels += 1;
  changed[refusing::least].images.min_width = 1;
  for (auto const& [which, after] : changed) {
    for (auto const& [other, unused] : changed) {
      CAPTURE(static_cast<int>(which), static_cast<int>(other));
      CHECK((of(before, other) == of(after, other)) == (which != other));
    }
  }
  config larger;
  larger.edit<specimens_config>().max_bytes += 1;
  CHECK(of(before, refusing::most_bytes) != of(larger, refusing::most_bytes));
  CHECK(of(before, refusing::address_rules) == of(larger, refusing::address_rules));
  CHECK(of(before, refusing::nothing) == 0);
  CHECK(of(before, refusing::robots) != 0);
  // Another host's own setting is nothing to this one.
  config elsewhere;
  elsewhere.politeness.host["other.example"].robots = false;
  CHECK(of(before, refusing::robots) == of(elsewhere, refusing::robots));
}

TEST_CASE("what a host's day refused is asked again after days, the last of them for ever") {
  instant const at{1'000'000ms};
  std::vector<int> const days{1, 7, 30};
  CHECK(revisit_at(days, 0, at) == at + 24h);
  CHECK(revisit_at(days, 1, at) == at + 7 * 24h);
  CHECK(revisit_at(days, 2, at) == at + 30 * 24h);
  CHECK(revisit_at(days, 99, at) == at + 30 * 24h);
  CHECK_FALSE(revisit_at({}, 0, at));
}

TEST_CASE("a dead host is asked ten times in a run, one that is back is asked for everything") {
  revisit_allowance dead;
  int asked = 0;
  for (; dead.room() > 0; ++asked) dead.asked();
  CHECK(asked == 10);

  revisit_allowance back;
  int given = 0;
  for (asked = 0; back.room() > 0 && given < 1'000; ++given) {
    back.asked();
    back.came();
  }
  CHECK(given == 1'000);
}
