// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/proxy.hpp"
#include "config/rule_kinds.hpp"
#include "core/url.hpp"

namespace vinny::settings {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t gibibyte = 1LL << 30;

rules<http_config> http_rules() {
  using c = http_config;
  return {
      integer("concurrency", &c::concurrency, 1, 1'000),
      boolean("allow_private_addresses", &c::allow_private_addresses),
      composite("connect_to", shape::table, &c::connect_to, read_addresses, show_addresses),
      text("ca_file", &c::ca_file),
      composite("ports", shape::list, &c::ports, read_ports, show_ports),
      integer("resolve_timeout_s", &c::resolve_timeout, 1, 600),
      integer("connect_timeout_s", &c::connect_timeout, 1, 600),
      integer("tls_timeout_s", &c::tls_timeout, 1, 600),
      integer("first_byte_timeout_s", &c::first_byte_timeout, 1, 3'600),
      integer("stall_timeout_s", &c::stall_timeout, 1, 3'600),
      integer("stall_bytes", &c::stall_bytes, 0, gibibyte),
      integer("total_timeout_s", &c::total_timeout, 1, day),
      integer("max_page_bytes", &c::max_page_bytes, 1'024, gibibyte),
      integer("max_redirects", &c::max_redirects, 0, 20),
      proxy_rule(),
      texts("no_proxy", &c::no_proxy, no_proxy_entry),
      texts("private_names", &c::private_names, host),
  };
}

rules<politeness_config> politeness_rules() {
  using c = politeness_config;
  return {
      integer("delay_ms", &c::delay, 0, 3'600'000),
      integer("retries", &c::retries, 0, 100),
      boolean("robots", &c::robots),
      integer("concurrency", &c::concurrency, 1, 1'000),
      integer("breaker_failures", &c::breaker_failures, 1, 1'000'000),
      integer("breaker_rest_s", &c::breaker_rest, 1, day),
      integer("quarantine_errors", &c::quarantine_errors, 1, 1'000'000'000),
      integer("quarantine_percent", &c::quarantine_percent, 0, 100),
      integer("patience_s", &c::patience, 0, day),
      boolean("follow_to_http", &c::follow_to_http),
      composite("revisit_days", shape::list, &c::revisit_days, read_days, show_days),
  };
}

rules<images_config> images_rules() {
  using c = images_config;
  return {
      integer("min_width", &c::min_width, 0, 65'535),
      integer("min_height", &c::min_height, 0, 65'535),
      integer("min_bytes", &c::min_bytes, 0, gibibyte),
      integer("max_bytes", &c::max_bytes, 1'024, gibibyte),
      integer("max_pixels", &c::max_pixels, 10'000, 1'000'000'000),
      integer("quality", &c::quality, 1, 100),
      composite("sizes", shape::table, &c::sizes, read_sizes, show_sizes),
  };
}

rules<store_config> store_rules() {
  using c = store_config;
  return {
      text("kind", &c::kind, store_kind),
      text("directory", &c::directory, contained_path),
      text("public_url", &c::public_url, public_url),
      text("endpoint", &c::endpoint, base_url_or_empty),
      text("region", &c::region, region),
      text("bucket", &c::bucket, bucket),
      text("prefix", &c::prefix, key_prefix),
      text("acl", &c::acl, acl),
      boolean("path_style", &c::path_style),
      integer("concurrency", &c::concurrency, 1, 256),
      integer("retries", &c::retries, 0, 100),
      text("cache_control", &c::cache_control, header_value),
      integer("sweep_s", &c::sweep_s, 0, 31'536'000),
      hidden("access_key_id", &c::access_key_id),
      hidden("secret_access_key", &c::secret_access_key),
  };
}

rules<slack_config> slack_rules() {
  using c = slack_config;
  return {
      text("channel", &c::channel, header_value),
      text("api_url", &c::api_url, base_url),
      integer("every", &c::every, 0, 1'000'000'000),
      hidden("webhook_url", &c::webhook_url),
      hidden("bot_token", &c::bot_token),
  };
}

rules<sentry_config> sentry_rules() {
  using c = sentry_config;
  return {
      hidden("dsn", &c::dsn),
      text("environment", &c::environment, header_value),
      text("release", &c::release, header_value),
  };
}

rules<control_config> control_rules() {
  using c = control_config;
  return {
      text("socket", &c::socket, socket_path),
      text("listen", &c::listen, listen_address),
      text("token_file", &c::token_file),
      text("public_url", &c::public_url, base_url_or_empty),
  };
}

constexpr std::array<synonym, 11> floor_synonyms{{
    {"R2_ACCESS_KEY_ID", "store.access_key_id", true},
    {"R2_SECRET_ACCESS_KEY", "store.secret_access_key", true},
    {"R2_BUCKET", "store.bucket"},
    {"R2_PUBLIC_URL", "store.public_url"},
    {"SLACK_WEBHOOK_URL", "slack.webhook_url", true},
    {"SLACK_BOT_TOKEN", "slack.bot_token", true},
    {"SLACK_CHANNEL", "slack.channel"},
    {"SENTRY_DSN", "sentry.dsn", true},
    {"SENTRY_ENVIRONMENT", "sentry.environment"},
    {"SENTRY_RELEASE", "sentry.release"},
    {"VINNY_HTTP_PROXY", "http.proxy", true},
}};

void check_floor(config const& made, needs& to) {
  auto const& store = made.store;
  if (store.kind == "s3") {
    to.need(!store.endpoint.empty(), "store.endpoint", "store.kind",
            "is needed when kind is \"s3\": the URL of the store, such as "
            "https://<account>.r2.cloudflarestorage.com");
    to.need(!store.bucket.empty(), "store.bucket", "store.kind", "is needed when kind is \"s3\"");
  }
  to.need(store.secret_access_key.empty() || !store.access_key_id.empty(), "store.access_key_id",
          "store.secret_access_key", "is needed when secret_access_key is set");
  to.need(store.access_key_id.empty() || !store.secret_access_key.empty(),
          "store.secret_access_key", "store.access_key_id", "is needed when access_key_id is set");
  to.need(made.control.listen.empty() || !made.control.token_file.empty(), "control.token_file",
          "control.listen",
          "is needed when listen is set: a file with the token that clients send");
  auto const& slack = made.slack;
  to.need(slack.bot_token.empty() || !slack.channel.empty(), "slack.channel", "slack.bot_token",
          "is needed when bot_token is set: the channel's id or #name");
  to.need(slack.webhook_url.empty() || url::parse(slack.webhook_url.reveal()).has_value(),
          "slack.webhook_url", "slack.webhook_url", "must be an http or https URL");
  auto const& dsn = made.sentry.dsn.reveal();
  auto const at = dsn.find('@');
  bool const names_project = at != std::string::npos && dsn.find('/', at) != std::string::npos &&
                             !dsn.ends_with('/') && dsn.find('?') == std::string::npos;
  to.need(dsn.empty() || (url::parse(dsn).has_value() && names_project), "sentry.dsn", "sentry.dsn",
          "must be https://<key>@<host>/<project>");
  auto const& images = made.images;
  to.need(images.min_bytes <= images.max_bytes, "images.max_bytes",
          to.was_set("images.max_bytes") ? "images.max_bytes" : "images.min_bytes",
          fmt::format("must not be less than min_bytes: {} is less than {}", images.max_bytes,
                      images.min_bytes));
}

rules<config> make_config_rules() {
  rules<config> all{
      text("data_dir", &config::data_dir, some_text),
      text("contact", &config::contact, contact),
      integer("min_free", &config::min_free, -1, 1'000 * gibibyte),
  };
  add_section(all, "http", &config::http, http_rules());
  add_section(all, "politeness", &config::politeness, politeness_rules());
  add_section(all, "images", &config::images, images_rules());
  add_section(all, "store", &config::store, store_rules());
  add_section(all, "slack", &config::slack, slack_rules());
  add_section(all, "sentry", &config::sentry, sentry_rules());
  add_section(all, "control", &config::control, control_rules());
  return all;
}

}  // namespace

void add_floor_settings(settings_table& to) {
  to.set_floor(make_config_rules());
  for (auto const& one : floor_synonyms) to.add_synonym(one);
  to.check(check_floor);
  to.resolve([](config& made, std::filesystem::path const& folder) {
    for (auto* const path : {&made.http.ca_file, &made.control.token_file}) {
      if (!path->empty()) *path = (folder / *path).lexically_normal();
    }
  });
}

rules<config> const& config_rules() {
  return all_settings().all_rules();
}

rules<host_politeness> const& host_rules() {
  using c = host_politeness;
  static rules<c> const all{
      integer("delay_ms", &c::delay, 0, 3'600'000),
      integer("retries", &c::retries, 0, 100),
      boolean("robots", &c::robots),
      integer("concurrency", &c::concurrency, 1, 1'000),
      boolean("follow_to_http", &c::follow_to_http),
  };
  return all;
}

rules<venue> const& venue_rules() {
  using c = venue;
  static rules<c> const all{
      text("tag", &c::tag, slug_text),
      text("name", &c::name, some_text),
      texts("aliases", &c::aliases, some_text),
      text("extractor", &c::extractor, extractor),
      text("sitemap", &c::sitemap, page_url_or_empty),
      text("time_zone", &c::time_zone, time_zone),
      texts("image_hosts", &c::image_hosts, host),
  };
  return all;
}

std::string variable_of(std::string_view key) {
  auto name = "VINNY_" + std::string(key);
  std::ranges::transform(name, name.begin(), [](char c) {
    if (c == '.') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

}  // namespace vinny::settings
