// SPDX-License-Identifier: MIT
#include "events/publish/d1_batch.hpp"

#include <algorithm>

#include "events/publish/script.hpp"

namespace vinny {
namespace {

constexpr std::size_t fewest_rows = 10;
constexpr std::size_t most_rows = 10'000;
constexpr std::size_t most_bytes = 2U << 20;
constexpr double wanted_seconds = 3;  // a tenth of what D1 allows

/// One statement that grows row by row.
class open_statement {
 public:
  explicit open_statement(change const& first)
      : what_(first.what), table_(first.value.table), frame_(frame_of(what_, table_)) {}

  [[nodiscard]] bool takes(change const& next) const noexcept {
    return next.what == what_ && next.value.table == table_;
  }
  [[nodiscard]] std::size_t size_with(std::string const& values) const noexcept {
    return frame_.head.size() + rows_.size() + 1 + values.size() + frame_.tail.size();
  }
  void add(std::string const& values) {
    if (!rows_.empty()) rows_ += ',';
    rows_ += values;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return frame_.head.size() + rows_.size() + frame_.tail.size();
  }
  void write_to(d1_batch& batch) const {
    batch.sql += frame_.head;
    batch.sql += rows_;
    batch.sql += frame_.tail;
    batch.sql += '\n';
    ++batch.statements;
  }

 private:
  change::kind what_;
  table_id table_;
  statement_frame frame_;
  std::string rows_;
};

}  // namespace

d1_batch pack(std::span<change const* const> ordered, d1_limits limits) {
  d1_batch out;
  if (ordered.empty()) return out;
  open_statement statement{*ordered.front()};
  for (change const* one : ordered) {
    if (out.changes > 0 && out.changes >= limits.rows) break;
    auto const values = values_of(*one);
    if (out.changes > 0) {
      bool const fits = statement.takes(*one) && statement.size_with(values) <= max_statement_bytes;
      auto const now = fits ? statement.size_with(values)
                            : statement.size() + open_statement{*one}.size_with(values);
      if (out.sql.size() + now > limits.bytes) break;
      if (!fits) {
        statement.write_to(out);
        statement = open_statement{*one};
      }
    }
    statement.add(values);
    ++out.changes;
    if (one->what == change::kind::upsert) ++out.upserts;
  }
  statement.write_to(out);
  return out;
}

d1_limits d1_pace::limits(std::size_t at) const noexcept {
  auto rows = rows_;
  if (at < suspect_end_) rows = std::min(rows, std::max<std::size_t>((suspect_end_ - at) / 2, 1));
  return {.rows = rows, .bytes = most_bytes};
}

void d1_pace::confirmed(d1_batch const& batch, std::chrono::duration<double> took) noexcept {
  // A request that was cut short for another reason tells too little to grow by.
  auto const seconds = std::max(took.count(), 0.001);
  auto const fitting = static_cast<double>(batch.changes) * wanted_seconds / seconds;
  auto const ceiling =
      std::min(fitting, static_cast<double>(std::max(batch.changes, fewest_rows)) * 2);
  auto const next = std::clamp(static_cast<std::size_t>(ceiling), fewest_rows, most_rows);
  if (seconds > wanted_seconds || batch.changes >= rows_) rows_ = next;
}

void d1_pace::too_much() noexcept {
  rows_ = std::max(rows_ / 2, fewest_rows);
}

bool d1_pace::refused(std::size_t at, std::size_t changes) noexcept {
  if (changes <= 1) return false;
  suspect_end_ = at + changes;
  return true;
}

}  // namespace vinny
