// SPDX-License-Identifier: MIT
//
// Specimens' images as work: what a host has to offer, what is due again, how an image ended.
// Functions run inside catalog::write or catalog::read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "specimens/tables/specimen_totals.hpp"

namespace vinny {

struct specimen_job {
  specimen_image_id id{};
  std::int64_t host = 0;            // specimen_hosts.id
  std::vector<std::string> urls{};  // candidates, best first
  int attempts = 0;
  std::string corrupt_sha256{};  // of bytes that could not be decoded before
  std::string host_name{};
  bool on_disk = false;     // a file may be there already
  std::int64_t due_ms = 0;  // when it was to be tried again; 0: it has not failed
  int visits = 0;           // how often it was opened again after it had been given up
};

/// A host that has pending images.
struct specimen_host {
  std::int64_t id = 0;
  std::string name;
  std::int64_t pending = 0;
};
[[nodiscard]] std::vector<specimen_host> hosts_with_pending(database& db);

/// A host's pending images behind `after` (a specimen_images.id), in order.
[[nodiscard]] std::vector<specimen_job> pending_images(database& db, std::int64_t host,
                                                       std::int64_t after, std::size_t limit);
/// What failed before and is due at `now_ms`, in order, behind `after`: a due time and an image.
[[nodiscard]] std::vector<specimen_job> due_again(database& db, std::int64_t now_ms,
                                                  std::pair<std::int64_t, std::int64_t> after,
                                                  std::size_t limit);

struct specimen_outlook {
  std::int64_t pending = 0;
  std::int64_t waiting = 0;       // failed before, to be tried again
  std::int64_t next_due_ms = 0;   // of the waiting
  std::int64_t later_due_ms = 0;  // of those that are not due at `now_ms`; 0: there are none
};
[[nodiscard]] specimen_outlook outlook_of(database& db, std::int64_t now_ms);

/// What exhausted its attempts when fewer were allowed is tried again. Looks at `limit` failures
/// behind `after` (a specimen_images.id); the last of them, 0 when there is none.
[[nodiscard]] std::int64_t reopen_exhausted(database& db, int allowed, std::int64_t after,
                                            std::size_t limit);
/// A failed image is due later than it was; nothing else changes.
void specimen_put_off(database& db, specimen_image_id id, std::int64_t due_ms);

enum class specimen_kind : std::uint8_t { rendition = 0, original = 1, raw = 2, legacy = 3 };

/// A file that is on disk, whole.
struct specimen_file {
  std::string extension;
  specimen_kind kind = specimen_kind::rendition;
  std::string sha256;  // hex; empty: not known
  std::int64_t bytes = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
/// An image whose file is there; `host` gave it.
struct specimen_success {
  specimen_image_id id;
  std::string host;
  specimen_file file;
};
/// Of these specimens, the first images that are still work, with their hosts.
struct first_image {
  specimen_image_id id;
  std::string host;
};
[[nodiscard]] std::vector<first_image> first_images_open(database& db,
                                                         std::span<std::int64_t const> gbif_ids);
/// Records them. Of each, whether it was still work: a newer list may have retired it.
std::vector<bool> specimens_done(database& db, std::span<specimen_success const> all,
                                 std::int64_t now_ms);

struct specimen_failure {
  std::string reason{};  // an errc's name
  int http_status = 0;
  std::string detail{};  // at most 2,000 characters
  std::string corrupt_sha256{};
  int attempts = 0;
  std::int64_t due_ms = 0;  // 0: not tried again
  // Of what is given up:
  std::int64_t revisit_ms = 0;  // when it is asked for again; 0: never by itself
  std::int64_t hangs_on = 0;    // the setting that refused it, setting_digest()
};
/// `state` is failed_transient, failed_permanent or exhausted.
void specimen_failed(database& db, specimen_job const& job, specimen_state state,
                     specimen_failure const& why, std::int64_t now_ms);

/// One that was given up is pending again, and its failure forgotten. False: it was not given up.
bool specimen_opened(database& db, specimen_image_id id, specimen_change& change);
/// The same, but it counts as one that failed before; its failure stays.
bool specimen_due_again(database& db, specimen_image_id id, specimen_change& change);

}  // namespace vinny
