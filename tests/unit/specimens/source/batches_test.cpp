// SPDX-License-Identifier: MIT
#include "specimens/source/batches.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>

#include "specimens/source/row_sort.hpp"
#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

using row = std::pair<std::int64_t, std::string>;

class given_rows final : public listed_rows {
 public:
  explicit given_rows(std::vector<row> rows) : rows_(std::move(rows)) {}
  result<bool> next(listed_row& out) override {
    if (at_ == rows_.size()) return false;
    out = {rows_[at_].first, rows_[at_].second};
    ++at_;
    return true;
  }
  std::int64_t position() const noexcept override { return static_cast<std::int64_t>(at_) - 1; }
  std::int64_t line() const noexcept override { return position(); }

 private:
  std::vector<row> rows_;
  std::size_t at_ = 0;
};

/// "id: candidates" of every image.
std::vector<std::string> images_of(specimen_batch const& batch) {
  std::vector<std::string> out;
  for (auto const& one : batch.images) {
    out.push_back(std::to_string(one.gbif_id) + ": " + std::string{batch.candidates(one)});
  }
  return out;
}

image_variants const no_rules;
std::string const iiif = "https://a.org/iiif/X";

std::vector<row> read(listed_rows& rows) {
  std::vector<row> out;
  listed_row one;
  for (;;) {
    auto const got = rows.next(one);
    REQUIRE(got);
    if (!*got) return out;
    out.emplace_back(one.gbif_id, std::string{one.url});
  }
}

}  // namespace

TEST_CASE("rows that mean one photograph are one image, its best address first") {
  given_rows rows{{{1, "https://www.A.org/1.jpg"},
                   {2, iiif + "/manifest"},
                   {2, "https://b.org/2.jpg"},
                   {2, iiif + "/full/800,/0/default.jpg"},
                   {2, iiif + "/full/max/0/default.jpg"},
                   {2, iiif + "/full/1600,/0/default.jpg"},
                   {2, "https://b.org/2.jpg"},
                   {3, iiif + "/full/max/0/default.jpg"}}};
  batch_maker maker{rows, no_rules, 0};
  specimen_batch batch;
  CHECK(maker.next(batch) == batch_maker::outcome::end);
  CHECK(images_of(batch) ==
        std::vector<std::string>{
            "1: https://www.A.org/1.jpg",
            "2: " + iiif + "/full/max/0/default.jpg\n" + iiif + "/full/1600,/0/default.jpg\n" +
                iiif + "/manifest\n" + iiif + "/full/800,/0/default.jpg",
            "2: https://b.org/2.jpg", "3: " + iiif + "/full/max/0/default.jpg"});
  CHECK(batch.hosts == std::vector<std::string>{"a.org", "b.org"});
  CHECK(batch.rows == 8);
  CHECK(batch.last_gbif_id == 3);
}

TEST_CASE("a specimen is never in two batches, and a batch says where the next begins") {
  std::vector<row> all;
  for (std::int64_t id = 1; id <= 60'000; ++id) {
    for (int i = 0; i < 3; ++i) {
      all.emplace_back(id, "https://a.org/" + std::to_string(id) + "_" + std::to_string(i));
    }
  }
  given_rows rows{all};
  batch_maker maker{rows, no_rules, 0};
  specimen_batch batch;
  std::int64_t seen = 0;
  std::int64_t images = 0;
  std::int64_t last = 0;
  int batches = 0;
  for (bool more = true; more; ++batches) {
    auto const got = maker.next(batch);
    REQUIRE(got);
    more = *got == batch_maker::outcome::batch;
    seen += batch.rows;
    images += static_cast<std::int64_t>(batch.images.size());
    if (!batch.images.empty()) {
      CHECK(batch.images.front().gbif_id > last);
      last = batch.images.back().gbif_id;
    }
    if (more) CHECK(batch.position == seen);
    CHECK(batch.images.size() <= batch_maker::images_per_batch + 3);
  }
  CHECK(seen == 180'000);
  CHECK(images == 180'000);
  CHECK(batches == 4);
}

TEST_CASE("what is not in order is told") {
  given_rows back{{{2, "https://a.org/1"}, {1, "https://a.org/2"}}};
  batch_maker maker{back, no_rules, 0};
  specimen_batch batch;
  CHECK(maker.next(batch) == batch_maker::outcome::unsorted);
  given_rows again{{{5, "https://a.org/1"}}};
  batch_maker behind{again, no_rules, 5};
  CHECK(behind.next(batch) == batch_maker::outcome::unsorted);
}

TEST_CASE("a specimen of very many images is bounded, and what is left out is told") {
  std::vector<row> all;
  for (int i = 0; i < most_specimen_images + 5; ++i) {
    all.emplace_back(7, "https://a.org/" + std::to_string(i));
  }
  given_rows rows{all};
  batch_maker maker{rows, no_rules, 0};
  specimen_batch batch;
  CHECK(maker.next(batch) == batch_maker::outcome::end);
  CHECK(batch.images.size() == static_cast<std::size_t>(most_specimen_images));
  REQUIRE(batch.rejected.size() == 5);
  CHECK(std::string_view{batch.rejected.front().reason} == "too_many_images");
}

TEST_CASE("rows are sorted outside memory and keep the order within a specimen") {
  scratch_folder const folder;
  auto const place = folder.path / "runs";
  row_sorter sorter{place, 0};
  std::vector<row> all;
  for (int i = 0; i < 300; ++i) {
    all.emplace_back(i * 7919 % 101 + 1, "https://a.org/" + std::to_string(i));
    sorter.add({all.back().first, all.back().second});
    if (i % 90 == 89) REQUIRE(sorter.write_run());
  }
  REQUIRE(sorter.write_run());
  CHECK(sorter.runs() == 4);
  std::vector<row> sorted;
  for (std::int64_t id = 1; id <= 101; ++id) {
    std::ranges::copy_if(all, std::back_inserter(sorted),
                         [id](row const& one) { return one.first == id; });
  }
  auto const merged = merge_runs(place, 4, 0);
  REQUIRE(merged);
  CHECK(read(**merged) == sorted);
  // After a kill it goes on behind what is in the catalog.
  auto const rest = merge_runs(place, 4, 50);
  REQUIRE(rest);
  std::erase_if(sorted, [](row const& one) { return one.first <= 50; });
  CHECK(read(**rest) == sorted);
  // A run that is cut off is no shorter list.
  std::filesystem::resize_file(place / "run-00002", 100);
  auto const cut = merge_runs(place, 4, 0);
  REQUIRE(cut);
  listed_row one;
  result<bool> got = true;
  while (got && *got) got = (*cut)->next(one);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::bad_archive);
  remove_runs(place);
  CHECK_FALSE(std::filesystem::exists(place));
}
