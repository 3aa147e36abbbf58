// SPDX-License-Identifier: MIT
//
// A verdict lasts as long as its reason. What ended an item's attempts is of the item itself (until
// its source says that it has changed, or the operator does), of the host's day (asked again after
// a while), of our own settings (until the one that refused is another), or of several of these.
// Pure; the table is classify's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/failure.hpp"
#include "core/time.hpp"

namespace vinny {

/// The setting that a failure hangs on.
enum class refusing : std::uint8_t {
  nothing,
  address_rules,      // what counts as an address: of this program's version
  robots,             // politeness.robots, of the host
  redirects,          // http.max_redirects
  downgrade,          // politeness.follow_to_http, of the host
  roots,              // http.ca_file
  private_addresses,  // http.allow_private_addresses, http.connect_to, http.private_names
  ports,              // http.ports
  image_hosts,        // a venue's image_hosts
  most_bytes,         // max_bytes
  most_pixels,        // images.max_pixels
  least,              // images.min_width, min_height, min_bytes
};

/// What a code hangs on (see classify).
struct ground {
  bool passes = false;  // the host's day
  refusing by = refusing::nothing;
};
[[nodiscard]] ground ground_of(failure const& why) noexcept;

/// A setting and its value as one number, so that a change shows; 0 for nothing. `host`: for what
/// is set for each host; `most_bytes`: of the kind of item.
[[nodiscard]] std::int64_t setting_digest(refusing which, config const& settings,
                                          std::string const& host, std::int64_t most_bytes);
/// Whether an item may be given now that was refused under that digest.
[[nodiscard]] bool setting_has_changed(std::int64_t digest, config const& settings,
                                       std::string const& host, std::int64_t most_bytes);
/// All settings that can refuse anything, as one text: where it is the same, none has changed.
[[nodiscard]] std::string refusing_settings(config const& settings, std::int64_t most_bytes);

/// When an item is asked again that was given up at `at`, after so many such askings; nothing:
/// never by itself. The last of `days` repeats.
[[nodiscard]] std::optional<instant> revisit_at(std::vector<int> const& days, int visits,
                                                instant at) noexcept;

/// How much of what is due again a host is asked for within one run: a few first, and more for each
/// that comes, so that a dead host costs little and one that is back gives everything.
class revisit_allowance {
 public:
  static constexpr int at_first = 10;
  static constexpr int for_each_that_came = 2;

  /// How many more may be asked for now.
  [[nodiscard]] int room() const noexcept { return at_first + for_each_that_came * came_ - asked_; }
  void asked(int count = 1) noexcept { asked_ += count; }
  void came() noexcept { ++came_; }

 private:
  int asked_ = 0;
  int came_ = 0;
};

}  // namespace vinny
