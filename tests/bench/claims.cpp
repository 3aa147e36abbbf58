// SPDX-License-Identifier: MIT
// How long a claim of 500 images, their end and the status take in a catalog of any size:
// bench_claims DATA_DIR [rounds]. Prints medians in
// milliseconds. What it ends stays ended: give it a copy.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "specimens/tables/specimen_work.hpp"

using namespace vinny;

namespace {

constexpr std::size_t batch = 500;

template <class Work>
double milliseconds(Work work) {
  auto const began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  database db{std::filesystem::path{argv[1]} / "vinny.db", database::mode::read_write};
  db.handle().exec("PRAGMA synchronous = FULL");
  auto const rounds = argc > 2 ? std::atoi(argv[2]) : 41;
  std::vector<double> claims, ends, reports;
  auto const hosts = hosts_with_pending(db);
  std::int64_t after = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<specimen_job> jobs;
    claims.push_back(milliseconds([&] {
      // Ten hosts give fifty each, as the download's turns do.
      for (std::size_t i = 0; i < 10; ++i) {
        auto const& host = hosts[(static_cast<std::size_t>(round) * 10 + i) % hosts.size()];
        auto found = pending_images(db, host.id, after, batch / 10);
        for (auto& job : found) {
          job.host_name = host.name;
          jobs.push_back(std::move(job));
        }
      }
    }));
    std::vector<specimen_success> done;
    for (auto const& job : jobs) {
      done.push_back({job.id,
                      job.host_name,
                      {.extension = "jpg",
                       .kind = specimen_kind::original,
                       .sha256 = std::string(64, 'a'),
                       .bytes = 50'000,
                       .width = 1000,
                       .height = 800}});
    }
    db.execute("BEGIN IMMEDIATE");
    ends.push_back(milliseconds([&] { specimens_done(db, done, 1'000 + round); }));
    db.execute("COMMIT");
    reports.push_back(milliseconds([&] { static_cast<void>(read_specimen_totals(db)); }));
  }
  fmt::print("claim of {} {:.2f} ms, their end {:.2f} ms, status {:.3f} ms\n", batch,
             median(claims), median(ends), median(reports));
}
