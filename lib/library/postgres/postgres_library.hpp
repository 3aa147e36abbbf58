// SPDX-License-Identifier: MIT
//
// The library in the operator's own PostgreSQL. Words for typing errors are kept in the catalog.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <span>

#include "catalog/catalog.hpp"
#include "config/config.hpp"
#include "library/model/library_settings.hpp"
#include "library/postgres/pg_pool.hpp"
#include "library/postgres/postgres_sql.hpp"
#include "library/source/library.hpp"

namespace vinny {

class postgres_library final : public library {
 public:
  /// `names` and `facts` must outlive it; without a catalog no typing errors are forgiven. Throws
  /// std::runtime_error when library.database cannot be read.
  postgres_library(library_config const& how, int attempts, dns_cache& names, catalog* facts);

  [[nodiscard]] std::string name() const override;
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
  [[nodiscard]] task<result<>> index_new_words() override;
  [[nodiscard]] task<result<std::string>> index_script() override;

 private:
  using statement = std::string (*)(library_shape const&);
  using texts = std::vector<std::string>;

  /// A statement of a job: patient, and again when PostgreSQL was away.
  [[nodiscard]] task<result<pg_rows>> insist(statement what, texts values);
  [[nodiscard]] task<result<pg_rows>> once(statement what, texts values, deadline limit);
  /// Of an UPDATE that was to fill these, those that it did not touch though they are bare.
  [[nodiscard]] task<result<>> find_untouched(std::span<library_find const> found,
                                              library_filled& filled);
  /// What the tables are like; asked for once.
  [[nodiscard]] task<result<>> look_at_tables(deadline limit);
  [[nodiscard]] task<result<std::vector<std::string>>> columns_of(std::string table,
                                                                  std::string_view key,
                                                                  texts needed, deadline limit);
  [[nodiscard]] result<> can_search() const;
  /// Rows of a statement that finds some, behind those that are there.
  [[nodiscard]] task<result<>> match(std::string sql, texts values, std::size_t most,
                                     deadline limit, std::vector<library_hit>& into);
  [[nodiscard]] task<result<std::optional<texts>>> forgiven(library_query const& query,
                                                            deadline limit);

  library_config how_;
  int attempts_;
  catalog* facts_;
  pg_pool pool_;
  std::optional<library_shape> shape_;
  std::string encoding_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace vinny
