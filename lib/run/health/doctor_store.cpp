// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "blob/public_address.hpp"
#include "policy/user_agent.hpp"
#include "run/health/doctor_checks.hpp"

namespace vinny::doctor {
namespace {

using state = finding::state;

/// A key that need not exist: tokens for objects cannot look at the bucket itself.
constexpr std::string_view nobody = "artists/vinny-doctor/none";

std::string_view cure_of(errc code) noexcept {
  switch (code) {
    case errc::store_credentials:
      return "check store.access_key_id and store.secret_access_key (R2: an API token with Object "
             "Read & Write for this bucket), and the clock";
    case errc::store_missing:
      return "make the bucket, or correct store.bucket and store.endpoint";
    case errc::dns_failure:
    case errc::dns_not_found:
    case errc::resolve_timeout:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::first_byte_timeout:
    case errc::host_cooling_down:
      return "check the way out to store.endpoint (name server, proxy, firewall)";
    default:
      return "";  // the message has its own
  }
}

}  // namespace

task<> check_store(config const& settings, object_store& store, std::string known, deadline limit,
                   findings& out) {
  bool const directory = settings.store.kind == "directory";
  auto const where =
      directory ? (settings.data_dir / settings.store.directory).string()
                : fmt::format("{} at {}", settings.store.bucket, safe_url(settings.store.endpoint));
  auto const found = co_await store.head(known.empty() ? std::string{nobody} : known, limit);
  if (!found) {
    out.push_back(
        {"store", state::fail, found.error().message, std::string{cure_of(found.error().code)}});
  } else if (!known.empty() && !*found) {
    out.push_back({"store", state::fail, fmt::format("{} has lost {}", where, known),
                   "`vinny images upload-r2 --validate` puts back what is missing"});
  } else if (known.empty() && *found) {
    out.push_back({"store", state::fail,
                   fmt::format("{} says that it has {}, which nobody has put there", where, nobody),
                   "correct store.endpoint: it is no S3 store"});
  } else {
    out.push_back({"store", state::ok, where + " (writing is not tried)", ""});
  }
}

task<> check_public_url(config const& settings, connection_pool& pool, dialer& dial,
                        std::string known, deadline limit, findings& out,
                        std::optional<std::chrono::seconds>& ahead) {
  constexpr auto line = "public_url";
  auto const& base = settings.store.public_url;
  auto const target = url::parse(known.empty() ? base : public_address(base, known));
  if (!target) co_return out.push_back({line, state::fail, "store.public_url is no URL", ""});
  if (settings.store.kind == "directory") {
    co_return out.push_back(
        {line, state::skipped, "store.kind is \"directory\": whoever serves it is not asked", ""});
  }
  dial.trust(*target);
  auto link = co_await pool.connect(*target, limit);
  if (!link) {
    co_return out.push_back({line, state::fail, link.error().message,
                             "connect the domain to the bucket (R2 > Settings > Custom Domains), "
                             "or correct store.public_url"});
  }
  if (known.empty()) {
    co_return out.push_back(
        {line, state::ok, fmt::format("{} answers; nothing is stored yet to ask for", base), ""});
  }
  request what{.method = "HEAD", .target = *target, .accept_gzip = false};
  what.headers = {{"User-Agent", user_agent(settings.contact)}};
  auto const asked = now();
  auto const answer = co_await (*link)->exchange(what, {}, limit);
  if (!answer) {
    co_return out.push_back(
        {line, state::fail, answer.error().message, "look at the domain's settings"});
  }
  if (!ahead) ahead = clock_ahead(*answer, asked, now());
  bool const good = answer->status == 200;
  out.push_back({line, good ? state::ok : state::fail,
                 fmt::format("{} answers {}", *target, answer->status),
                 good ? std::string{}
                      : "the store has the object, so the domain does not lead to "
                        "this bucket and prefix, or a rule of it stands before"});
}

}  // namespace vinny::doctor
