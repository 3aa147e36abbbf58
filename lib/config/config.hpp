// SPDX-License-Identifier: MIT
//
// Everything that can be set, with its default. docs/configuration.md tells what each is for;
// proto/config.schema.json is the same for editors. Reading files and the environment is in
// config/load.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/secret.hpp"
#include "model/venue.hpp"

namespace vinny {

/// A proxy, as "http://proxy.example:3128"; empty: none.
struct proxy_setting {
  std::string address;
  secret credentials;  // "user:password"; empty: none
};

struct http_config {
  int concurrency = 5;  // requests in flight, all hosts together
  bool allow_private_addresses = false;
  std::map<std::string, std::string> connect_to;  // "host:port" → "address:port"
  std::filesystem::path ca_file;
  std::vector<std::uint16_t> ports{80, 443};  // ports that URLs may name; private ones: any
  std::chrono::seconds resolve_timeout{10};
  std::chrono::seconds connect_timeout{10};
  std::chrono::seconds tls_timeout{10};
  std::chrono::seconds first_byte_timeout{30};
  std::chrono::seconds stall_timeout{20};  // this long without stall_bytes: stalled
  std::int64_t stall_bytes = 1024;
  std::chrono::seconds total_timeout{120};
  std::int64_t max_page_bytes = 16LL << 20;
  int max_redirects = 5;
  proxy_setting proxy_for_http;
  proxy_setting proxy_for_https;
  std::vector<std::string> no_proxy;  // hosts that are asked directly, as curl's NO_PROXY has them
  /// Names that no proxy is asked for: what they stand for is its own network, or ours.
  std::vector<std::string> private_names{"localhost", "local", "internal", "home.arpa", "lan"};
};

struct host_politeness {
  std::optional<std::chrono::milliseconds> delay;
  std::optional<int> retries;
  std::optional<bool> robots;
  std::optional<int> concurrency;
  std::optional<bool> follow_to_http;
};

struct politeness_config {
  std::chrono::milliseconds delay{200};  // between requests to one domain
  int retries = 3;                       // after the first attempt
  bool robots = true;
  int concurrency = 2;        // requests in flight to one domain
  int breaker_failures = 10;  // in a row: the host rests
  std::chrono::seconds breaker_rest{30};
  int quarantine_errors = 500;        // so many errors of a host in all, and
  int quarantine_percent = 50;        // more than this share of its requests: it comes last
  std::chrono::seconds patience{60};  // a run waits this long for a host; longer: another run
  bool follow_to_http = false;        // redirects from https to http
  std::vector<int> revisit_days{1, 7, 30, 90};  // what a host's day refused is asked again after;
                                                // the last repeats; empty: never by itself
  std::map<std::string, host_politeness> host;
};

struct images_config {
  std::uint32_t min_width = 100;
  std::uint32_t min_height = 100;
  std::int64_t min_bytes = 1024;
  std::int64_t max_bytes = 32LL << 20;
  std::int64_t max_pixels = 50'000'000;
  int quality = 85;
  /// Label and box in pixels, the largest last.
  std::vector<std::pair<std::string, std::uint32_t>> sizes{{"main", 500}, {"hd", 1500}};
};

struct thumbnail_size {
  std::string label;
  std::uint32_t width = 0;
  std::uint32_t height = 0;  // 0: free
  friend bool operator==(thumbnail_size const&, thumbnail_size const&) = default;
};

struct thumbnails_config {
  std::vector<thumbnail_size> sizes{{"small", 240}, {"medium", 1024}};  // the first is the default
  int quality = 82;
  std::int64_t max_bytes = 64LL << 20;  // of a source
  int queue = 256;                      // thumbnails that may wait to be made
  std::chrono::seconds presigned{};     // how long an address holds; 0: those of store.public_url

  [[nodiscard]] thumbnail_size const* find(std::string_view label) const noexcept;
};

/// A collection of captures: where they come from, and who may see them.
struct collection_config {
  std::string source;      // a directory, or "s3://bucket/prefix"; empty: only what is added
  std::string public_url;  // where the source's files are public; empty: nowhere
  bool is_private = false;

  struct bucket_place {
    std::string bucket;
    std::string prefix;
  };
  /// Of "s3://bucket/prefix"; nothing for a directory.
  [[nodiscard]] std::optional<bucket_place> bucket() const;
};

struct specimens_config {
  std::string verify = "decode";      // or "structure"
  std::uint32_t longest_edge = 1024;  // pixels of the file that is kept; 0: the original
  int quality = 85;
  std::int64_t max_bytes = 64LL << 20;
  std::filesystem::path variants;  // a file of rules; empty: none
  bool upload = false;             // to the store, too
};

struct store_config {
  std::string kind = "directory";              // or "s3"
  std::filesystem::path directory = "public";  // under data_dir
  std::string public_url = "https://img.vinny.vegas";
  std::string endpoint;
  std::string region = "auto";
  std::string bucket;
  std::string prefix;
  std::string acl;
  bool path_style = true;
  int concurrency = 16;  // requests in flight
  int retries = 7;       // after the first attempt
  std::string cache_control = "public, max-age=86400";
  std::int64_t sweep_s = 2'592'000;  // in which the daemon asks about every object; 0: never
  secret access_key_id;
  secret secret_access_key;
};

struct d1_config {
  std::string account_id;
  std::string database_id;
  std::string database_name = "vinny-vegas-events-db";
  std::string api_url = "https://api.cloudflare.com/client/v4";
  std::int64_t import_from = 200'000;  // changed rows: from here on by import, not by queries
  secret api_token;
};

struct slack_config {
  std::string channel;  // of the bot
  std::string api_url = "https://slack.com/api";
  std::int64_t every = 50'000;  // images of specimens between two messages; 0: start and end only
  secret webhook_url;
  secret bot_token;
};

struct library_config {
  std::string lookup_url;                   // of the lookup service; empty: nothing is looked up
  int batch_size = 500;                     // rows of a transaction
  std::chrono::milliseconds throttle{100};  // between the starts of two lookups of a backfill
  int concurrency = 1;                      // lookups of a backfill in flight
  std::chrono::milliseconds enrichment_budget{500};  // a search waits for lookups; 0: not at all
  int recheck_days = 30;                             // "there is no artwork" is believed so long
  bool mirror = false;                               // artwork is copied into the store
  secret api_key;
  secret database;  // of PostgreSQL; empty: the library is in the catalog
  std::string schema = "wxyc_schema";
  std::string library_table = "library";
  std::string artists_table = "artists";
  std::chrono::milliseconds statement_timeout{300'000};
  bool synchronous_commit = false;
  std::string application_name = "wxyc-library-artwork-url-backfill";
};

struct sentry_config {
  secret dsn;  // empty: nobody is told
  std::string environment = "production";
  std::string release;  // empty: vinny@<version>
};

struct control_config {
  std::filesystem::path socket = "vinnyd.sock";  // under the runtime directory
  std::string listen;                            // "127.0.0.1:8787"; empty: no TCP
  std::filesystem::path token_file;
  std::string public_url;  // how browsers reach this endpoint; empty: as they ask
};

struct config {
  std::filesystem::path file;  // where it was read from; empty: defaults only
  std::filesystem::path data_dir = "data";
  std::string contact;
  std::int64_t min_free = -1;  // bytes; below, nothing is fetched; -1: 1 GiB or 2 % of the disk,
                               // whichever is less
  http_config http;
  politeness_config politeness;
  images_config images;
  thumbnails_config thumbnails;
  std::map<std::string, collection_config> collections;
  specimens_config specimens;
  store_config store;
  d1_config d1;
  slack_config slack;
  library_config library;
  sentry_config sentry;
  control_config control;
  std::vector<venue> venues;  // shipped ones, replaced and added to by the file

  /// Politeness of one host: the general values with that host's own on top. With "www." and
  /// without is one host.
  [[nodiscard]] politeness_config politeness_of(std::string const& host) const;
  /// What is configured of a collection; one that is not is public and has no source.
  [[nodiscard]] collection_config const& collection_of(std::string const& name) const noexcept;
  [[nodiscard]] venue const* find_venue(std::string_view tag) const noexcept;
};

}  // namespace vinny
