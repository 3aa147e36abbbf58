// SPDX-License-Identifier: MIT
//
// The library in Vinny's own catalog.
#pragma once

#include "catalog/catalog.hpp"
#include "library/source/library.hpp"

namespace vinny {

class catalog_library final : public library {
 public:
  /// The catalog must outlive it.
  explicit catalog_library(catalog& facts) : facts_(facts) {}

  [[nodiscard]] std::string name() const override { return "catalog"; }
  [[nodiscard]] task<result<std::vector<library_question>>> bare_rows(library_part part,
                                                                      std::int64_t after,
                                                                      std::size_t most) override;
  [[nodiscard]] task<result<library_filled>> fill_artwork(std::vector<library_find> found) override;
  [[nodiscard]] task<result<std::int64_t>> fill_artist_names(std::int64_t most) override;
  [[nodiscard]] task<result<std::int64_t>> nameless_rows() override;
  [[nodiscard]] task<result<std::map<std::int64_t, std::string>>> artwork_of(
      std::vector<std::int64_t> ids) override;
  [[nodiscard]] task<result<std::vector<library_hit>>> search(library_query query,
                                                              std::size_t most) override;
  /// A list's words are learned when it is imported.
  [[nodiscard]] task<result<>> index_new_words() override { co_return result<>{}; }
  [[nodiscard]] task<result<std::string>> index_script() override { co_return std::string{}; }

 private:
  catalog& facts_;
};

}  // namespace vinny
