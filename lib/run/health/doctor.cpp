// SPDX-License-Identifier: MIT
#include "run/health/doctor.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "blob/file.hpp"
#include "catalog/catalog.hpp"
#include "config/show.hpp"
#include "core/disk_space.hpp"
#include "model/subsystem.hpp"
#include "policy/classify.hpp"
#include "run/health/doctor_checks.hpp"
#include "run/ledger.hpp"
#include "run/world.hpp"

namespace vinny {
namespace doctor {
namespace {

using state = finding::state;

// S3 refuses a signature that is more than 15 minutes off.
constexpr std::chrono::seconds clock_fails{600};
constexpr std::chrono::seconds clock_warns{30};

/// The keys whose secrets are in a file that others may read.
std::vector<std::string> secrets_told(config const& settings) {
  struct stat info{};
  if (settings.file.empty() || ::stat(settings.file.c_str(), &info) != 0) return {};
  if ((info.st_mode & (S_IRGRP | S_IROTH)) == 0) return {};
  std::ifstream in{settings.file, std::ios::binary};
  return secrets_in(std::string{std::istreambuf_iterator<char>{in}, {}}, settings);
}

/// The key of one object that the store has confirmed; empty when there is none.
std::string confirmed_key(config const& settings) {
  auto const reader = catalog::open_read_only(settings.data_dir);
  if (!reader) return {};
  try {
    for (auto const* const system : systems()) {
      if (system->ledger == nullptr) continue;
      if (auto key = system->ledger->confirmed_key(**reader); !key.empty()) return key;
    }
  } catch (SQLite::Exception const&) {
    return {};  // an older or a damaged catalog: the data_dir's own finding
  }
  return {};
}

}  // namespace

void check_configuration(config const& settings, findings& out) {
  auto const from =
      settings.file.empty() ? std::string{"no file, defaults"} : settings.file.string();
  if (auto const told = secrets_told(settings); !told.empty()) {
    out.push_back(
        {"configuration", state::warn,
         fmt::format("{} holds a secret and others may read it: {}", from, fmt::join(told, ", ")),
         fmt::format("chmod 600 {}, or give the secret as a credential", from)});
  } else {
    out.push_back({"configuration", state::ok,
                   fmt::format("{}, {} venues", from, settings.venues.size()), ""});
  }
  if (settings.contact.empty()) {
    out.push_back({"contact", state::warn, "no contact: public hosts are not asked",
                   "set 'contact' to an e-mail address or a URL"});
  }
  for (auto const& [scheme, proxy] : {std::pair{"http", &settings.http.proxy_for_http},
                                      std::pair{"https", &settings.http.proxy_for_https}}) {
    if (proxy->address.empty()) continue;
    auto const text = fmt::format("{} goes through {}{}", scheme, proxy->address,
                                  proxy->credentials.empty() ? "" : ", with credentials");
    out.push_back({"proxy", state::ok, text, ""});
  }
}

void check_data_dir(config const& settings, findings& out) {
  auto const& folder = settings.data_dir;
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) {
    out.push_back(
        {"data_dir", state::ok, fmt::format("{} is made by the first run", folder.string()), ""});
    return;
  }
  auto const space = space_at(folder).value_or(disk_space{.free = UINT64_MAX, .total = UINT64_MAX});
  auto const least = least_free(settings.min_free, space.total);
  file_root const root{folder};
  auto const written = root.write("tmp/doctor", "x");
  std::filesystem::remove(folder / "tmp" / "doctor", ignored);
  bool const full = !written && written.error().code == errc::disk_full;
  if (full || space.free < least) {
    out.push_back({"data_dir", state::fail,
                   fmt::format("{}: {} MB are free, {} MB are to stay free (min_free)",
                               folder.string(), space.free >> 20U, least >> 20U),
                   "free some space: nothing is fetched until there is some"});
    return;
  }
  if (!written) {
    out.push_back(
        {"data_dir", state::fail, written.error().message,
         fmt::format("chown -R it to the user that Vinny runs as, or mount it writable")});
    return;
  }
  auto const reader = catalog::open_read_only(folder);
  if (!reader && reader.error().code != errc::not_found) {
    out.push_back({"data_dir", state::fail, reader.error().message,
                   "docs/operations.md, Backup of the catalog"});
    return;
  }
  out.push_back({"data_dir", state::ok,
                 fmt::format("{}, {} GB free", folder.string(), space.free >> 30U), ""});
}

finding judge_clock(std::optional<std::chrono::seconds> ahead) {
  if (!ahead) return {"clock", state::skipped, "nobody was asked who tells the time", ""};
  auto const off = std::chrono::abs(*ahead);
  auto const text =
      fmt::format("our clock is {} s {}", off.count(), ahead->count() < 0 ? "behind" : "ahead");
  if (off > clock_fails) {
    return {"clock", state::fail, text,
            "set the clock (timedatectl set-ntp true): stores refuse signatures that are 15 "
            "minutes off"};
  }
  if (off > clock_warns)
    return {"clock", state::warn, text, "set the clock (timedatectl set-ntp true)"};
  return {"clock", state::ok, "right", ""};
}

}  // namespace doctor

std::optional<std::chrono::seconds> clock_ahead(response const& answer, instant asked,
                                                instant answered) {
  auto const theirs = from_http_date(answer.header("Date"));
  if (!theirs) return std::nullopt;
  // Their second may have begun before the question and ended after the answer.
  if (asked >= *theirs + std::chrono::seconds{1}) {
    return std::chrono::floor<std::chrono::seconds>(asked - *theirs);
  }
  if (answered < *theirs) return std::chrono::floor<std::chrono::seconds>(answered - *theirs);
  return std::chrono::seconds{0};
}

std::string_view name(finding::state how) noexcept {
  constexpr std::array<std::string_view, 4> names{"ok", "warn", "fail", "skipped"};
  return names[static_cast<std::size_t>(how)];
}

task<std::vector<finding>> examine(config const& settings, asio::thread_pool& cpu,
                                   std::chrono::seconds patience) {
  doctor::findings first;
  doctor::check_configuration(settings, first);
  doctor::check_data_dir(settings, first);
  dns_cache names{co_await asio::this_coro::executor};
  std::optional<tls_context> tls;
  try {
    tls.emplace(settings.http.ca_file);
  } catch (std::runtime_error const& error) {
    first.push_back({"tls", finding::state::fail, error.what(), "correct http.ca_file"});
    co_return first;
  }
  dialer dial{names, *tls, settings.http, !settings.contact.empty()};
  connection_pool pool{dial};
  health state{.settings = settings,
               .pool = pool,
               .dial = dial,
               .patience = patience,
               .found = std::move(first)};
  for (auto const* const system : systems()) {
    if (system->health != nullptr) co_await system->health->examine(state);
  }
  auto& out = state.found;
  std::unique_ptr<s3_client> bucket;
  std::unique_ptr<object_store> store;
  std::string trouble;
  auto const known = doctor::confirmed_key(settings);
  try {
    bucket = make_bucket(settings, dial);
    store = make_store(settings, bucket.get(), cpu);
  } catch (std::runtime_error const& error) {
    trouble = error.what();
  }
  if (store) {
    co_await doctor::check_store(settings, *store, known, within(patience), out);
  } else {
    out.push_back({"store", finding::state::fail, trouble, "correct [store]"});
  }
  if (out.back().how == finding::state::fail) {
    out.push_back({"public_url", finding::state::skipped, "the store comes first", ""});
  } else {
    co_await doctor::check_public_url(settings, pool, dial, known, within(patience), out,
                                      state.clock_ahead);
  }
  out.push_back(doctor::judge_clock(state.clock_ahead));
  co_return std::move(out);
}

}  // namespace vinny
