// SPDX-License-Identifier: MIT
//
// Specimens and their images, as a list names them and as the catalog keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

/// An image's number in the catalog is made of its specimen's gbifID and its own ordinal there, so
/// that the images of a specimen lie side by side.
inline constexpr int specimen_ordinal_bits = 16;
inline constexpr std::int64_t most_specimen_images = 1LL << specimen_ordinal_bits;
inline constexpr std::int64_t largest_gbif_id = (1LL << (62 - specimen_ordinal_bits)) - 1;

struct specimen_image_id {
  std::int64_t gbif_id = 0;
  std::int64_t image_no = 0;  // from 0, in order of first appearance

  [[nodiscard]] static constexpr specimen_image_id from(std::int64_t number) noexcept {
    return {number >> specimen_ordinal_bits, number & (most_specimen_images - 1)};
  }
  [[nodiscard]] constexpr std::int64_t number() const noexcept {
    return (gbif_id << specimen_ordinal_bits) | image_no;
  }
  /// "specimens/124/578/1245780001-00.jpg": the path under data_dir, and the object's key. The
  /// ordinal has at least two digits; `extension` has no dot.
  [[nodiscard]] std::string key(std::string_view extension) const;
  friend bool operator==(specimen_image_id const&, specimen_image_id const&) = default;
  friend auto operator<=>(specimen_image_id const&, specimen_image_id const&) = default;
};

/// The numbers are those in the catalog.
enum class specimen_state : std::uint8_t {
  pending = 0,
  success = 1,
  failed_transient = 2,  // tried again when it is due
  failed_permanent = 3,
  exhausted = 4,  // failed transiently as often as is allowed
};
inline constexpr int specimen_states = 5;
[[nodiscard]] std::string_view name(specimen_state state) noexcept;

/// What the states of a specimen's images add up to.
enum class specimen_status : std::uint8_t { none = 0, pending, partial, done, failed };
inline constexpr int specimen_statuses = 5;
[[nodiscard]] std::string_view name(specimen_status status) noexcept;

/// Images of one specimen by state. All successful: done. Nothing tried yet: pending. Something can
/// still be done: partial. Else failed. No image: none.
struct specimen_tally {
  std::int64_t of[specimen_states] = {};

  void add(specimen_state state, std::int64_t count = 1) noexcept {
    of[static_cast<int>(state)] += count;
  }
  [[nodiscard]] specimen_status status() const noexcept;
};

/// A line of a list that names no image, and why.
struct rejected_row {
  std::int64_t line = 0;    // from 1
  std::string_view reason;  // a literal
  std::string text;         // the line's beginning, printable
};

/// A distinct image as a list names it: its candidates are lines of `specimen_batch::text`.
struct listed_image {
  std::int64_t gbif_id = 0;
  std::uint32_t host = 0;  // of the first candidate; index into specimen_batch::hosts
  std::uint32_t from = 0;  // candidates in the text, best first
  std::uint32_t size = 0;
};

/// A stretch of a list in ascending order of gbifID; a specimen is never in two batches.
struct specimen_batch {
  std::string text;
  std::vector<listed_image> images;
  std::vector<std::string> hosts;
  std::vector<rejected_row> rejected;
  std::int64_t rejected_more = 0;  // only counted
  std::int64_t rows = 0;           // read for it
  std::int64_t position = 0;       // unpacked bytes of the list that are behind it
  std::int64_t line = 0;           // lines that are behind it
  std::int64_t last_gbif_id = 0;

  [[nodiscard]] std::string_view candidates(listed_image const& one) const noexcept {
    return std::string_view{text}.substr(one.from, one.size);
  }
};

/// Added to a state in the catalog: no list names the image any more.
inline constexpr std::int64_t retired_bit = 8;

/// The lowest number that an image of that specimen can have.
[[nodiscard]] inline std::int64_t first_number(std::int64_t gbif_id) noexcept {
  return specimen_image_id{gbif_id, 0}.number();
}

}  // namespace vinny
