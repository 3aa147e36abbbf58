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
#include <memory>
#include <optional>
#include <string>
#include <typeindex>
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

struct slack_config {
  std::string channel;  // of the bot
  std::string api_url = "https://slack.com/api";
  std::int64_t every = 50'000;  // images of specimens between two messages; 0: start and end only
  secret webhook_url;
  secret bot_token;
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
  store_config store;
  slack_config slack;
  sentry_config sentry;
  control_config control;
  std::vector<venue> venues;  // shipped ones, replaced and added to by the file

  /// Politeness of one host: the general values with that host's own on top. With "www." and
  /// without is one host.
  [[nodiscard]] politeness_config politeness_of(std::string const& host) const;
  [[nodiscard]] venue const* find_venue(std::string_view tag) const noexcept;

  /// A system's own section; its defaults where nothing is set. Valid until the next edit<T>().
  template <class T>
  [[nodiscard]] T const& of() const {
    static T const usual{};
    auto const found = sections.find(typeid(T));
    return found == sections.end() ? usual : *static_cast<T const*>(found->second.get());
  }
  /// The same, to be changed; copies of this configuration keep what they have.
  template <class T>
  [[nodiscard]] T& edit() {
    auto fresh = std::make_shared<T>(of<T>());
    auto& out = *fresh;
    sections.insert_or_assign(typeid(T), std::move(fresh));
    return out;
  }

  std::map<std::type_index, std::shared_ptr<void const>> sections{};  // of systems, by their type
};

}  // namespace vinny
