// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

#include <algorithm>

#include "config/proxy.hpp"
#include "config/rule_kinds.hpp"

namespace vinny::settings {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t gibibyte = 1LL << 30;
constexpr std::int64_t most_thumbnail_source = 128LL << 20;  // of the memory that a decoder has

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

rules<thumbnails_config> thumbnails_rules() {
  using c = thumbnails_config;
  return {
      composite("sizes", shape::table, &c::sizes, read_thumbnail_sizes, show_thumbnail_sizes),
      integer("quality", &c::quality, 1, 100),
      integer("max_bytes", &c::max_bytes, 1'024, most_thumbnail_source),
      integer("queue", &c::queue, 1, 100'000),
      integer("presigned_s", &c::presigned, 0, 7 * day),
  };
}

rules<specimens_config> specimens_rules() {
  using c = specimens_config;
  return {
      text("verify", &c::verify, verification),
      integer("longest_edge", &c::longest_edge, 0, 10'000),
      integer("quality", &c::quality, 1, 100),
      integer("max_bytes", &c::max_bytes, 1'024, gibibyte),
      text("variants", &c::variants),
      boolean("upload", &c::upload),
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

rules<d1_config> d1_rules() {
  using c = d1_config;
  return {
      text("account_id", &c::account_id, identifier),
      text("database_id", &c::database_id, identifier),
      text("database_name", &c::database_name, identifier),
      text("api_url", &c::api_url, base_url),
      integer("import_from", &c::import_from, 1, 1'000'000'000),
      hidden("api_token", &c::api_token),
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

rules<library_config> library_rules() {
  using c = library_config;
  return {
      text("lookup_url", &c::lookup_url, base_url_or_empty),
      integer("batch_size", &c::batch_size, 1, 10'000),
      integer("throttle_ms", &c::throttle, 0, 3'600'000),
      integer("concurrency", &c::concurrency, 1, 64),
      integer("enrichment_budget_ms", &c::enrichment_budget, 0, 60'000),
      integer("recheck_days", &c::recheck_days, 0, 36'500),
      boolean("mirror", &c::mirror),
      hidden("api_key", &c::api_key),
      hidden("database", &c::database),
      text("schema", &c::schema, sql_name),
      text("library_table", &c::library_table, sql_name),
      text("artists_table", &c::artists_table, sql_name),
      integer("statement_timeout_ms", &c::statement_timeout, 1'000, 86'400'000),
      boolean("synchronous_commit", &c::synchronous_commit),
      text("application_name", &c::application_name, sql_name),
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

rules<config> make_config_rules() {
  rules<config> all{
      text("data_dir", &config::data_dir, some_text),
      text("contact", &config::contact, contact),
      integer("min_free", &config::min_free, -1, 1'000 * gibibyte),
  };
  add_section(all, "http", &config::http, http_rules());
  add_section(all, "politeness", &config::politeness, politeness_rules());
  add_section(all, "images", &config::images, images_rules());
  add_section(all, "thumbnails", &config::thumbnails, thumbnails_rules());
  add_section(all, "specimens", &config::specimens, specimens_rules());
  add_section(all, "store", &config::store, store_rules());
  add_section(all, "d1", &config::d1, d1_rules());
  add_section(all, "slack", &config::slack, slack_rules());
  add_section(all, "library", &config::library, library_rules());
  add_section(all, "sentry", &config::sentry, sentry_rules());
  add_section(all, "control", &config::control, control_rules());
  return all;
}

}  // namespace

rules<config> const& config_rules() {
  static auto const all = make_config_rules();
  return all;
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

rules<collection_config> const& collection_rules() {
  using c = collection_config;
  static rules<c> const all{
      text("source", &c::source, capture_source),
      text("public_url", &c::public_url, base_url_or_empty),
      boolean("private", &c::is_private),
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
