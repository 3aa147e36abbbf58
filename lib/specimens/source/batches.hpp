// SPDX-License-Identifier: MIT
//
// Rows that are in order of gbifID, as batches of distinct images: the rows of a specimen that mean
// one photograph become one image with its candidates, best first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "specimens/source/image_variants.hpp"
#include "specimens/source/listed_rows.hpp"

namespace vinny {

class batch_maker {
 public:
  static constexpr std::size_t images_per_batch = 50'000;
  /// More addresses of one photograph are not tried.
  static constexpr std::size_t most_candidates = 16;

  /// `rows` and `variants` must outlive it; all rows have a gbifID above `after`.
  batch_maker(listed_rows& rows, image_variants const& variants, std::int64_t after)
      : rows_(rows), variants_(variants), id_(after) {}

  enum class outcome { batch, end, unsorted };
  /// The next batch. At the end the last one may be empty but for what was rejected. Unsorted: a
  /// row has a smaller gbifID than one before it; `out` is of no use then.
  [[nodiscard]] result<outcome> next(specimen_batch& out);

 private:
  void hold(std::string_view url, specimen_batch& out);
  void close_specimen(specimen_batch& out);
  void add_image(std::vector<std::string_view> const& candidates, specimen_batch& out);
  void begin_image(std::string_view first, specimen_batch& out);
  [[nodiscard]] std::uint32_t host_of(std::string_view url, specimen_batch& out);

  listed_rows& rows_;
  image_variants const& variants_;
  std::int64_t id_;   // of the specimen in hand
  std::string urls_;  // its rows' URLs, one behind the other
  std::vector<std::size_t> ends_;
  std::int64_t behind_rows_ = 0;  // a row was read that belongs to the next batch
  std::string last_host_;
  std::uint32_t last_host_index_ = 0;
  std::unordered_map<std::string, std::uint32_t> hosts_;  // of the batch in hand
};

}  // namespace vinny
