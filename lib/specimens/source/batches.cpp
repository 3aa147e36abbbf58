// SPDX-License-Identifier: MIT
#include "specimens/source/batches.hpp"

#include <algorithm>
#include <iterator>

#include "core/host_name.hpp"
#include "core/text.hpp"
#include "specimens/source/image_reference.hpp"

namespace vinny {
namespace {

constexpr std::size_t largest_specimen = 8UZ << 20;
constexpr std::size_t largest_text = 16UZ << 20;
constexpr std::size_t most_rejected = 10'000;
/// Fewer are looked through one by one.
constexpr std::size_t few = 16;

struct photograph {
  std::string_view key;
  std::vector<std::string_view> urls;
};

/// The distinct photographs among a specimen's URLs, in order of first appearance, each with its
/// candidates, best first.
std::vector<photograph> photographs(std::vector<std::string_view> const& urls,
                                    image_variants const& variants) {
  std::vector<photograph> out;
  std::unordered_map<std::string_view, std::size_t> by_key;
  auto const read = [&variants](std::string_view url) { return variants.read(url); };
  for (auto const url : urls) {
    auto const shows = read(url);
    std::size_t at = out.size();
    if (urls.size() <= few) {
      at = static_cast<std::size_t>(std::ranges::find(out, shows.key, &photograph::key) -
                                    out.begin());
    } else {
      at = by_key.try_emplace(shows.key, at).first->second;
    }
    if (at == out.size()) out.push_back({shows.key, {}});
    auto& known = out[at].urls;
    if (known.size() >= batch_maker::most_candidates ||
        std::ranges::find(known, url) != known.end())
      continue;
    known.insert(std::ranges::upper_bound(known, shows, better_candidate, read), url);
  }
  return out;
}

}  // namespace

void batch_maker::hold(std::string_view url, specimen_batch& out) {
  bool const full = ends_.size() >= static_cast<std::size_t>(most_specimen_images) ||
                    urls_.size() + url.size() > largest_specimen;
  if (full) {
    --out.rows;
    if (out.rejected.size() >= most_rejected) {
      ++out.rejected_more;
      return;
    }
    // Of sorted rows the line is not known: one a specimen stands for all.
    out.rejected.push_back({.line = rows_.line() > 0 ? rows_.line() + 1 : -id_,
                            .reason = "too_many_images",
                            .text = printable(valid_utf8(clip(url, 200)))});
    return;
  }
  urls_ += url;
  ends_.push_back(urls_.size());
}

std::uint32_t batch_maker::host_of(std::string_view url, specimen_batch& out) {
  auto const host = host_in(url);
  if (!out.hosts.empty() && host == last_host_) return last_host_index_;
  last_host_ = host;
  auto const name = lane_name(host);
  auto const [at, fresh] = hosts_.try_emplace(name, static_cast<std::uint32_t>(out.hosts.size()));
  if (fresh) out.hosts.push_back(name);
  return last_host_index_ = at->second;
}

void batch_maker::begin_image(std::string_view first, specimen_batch& out) {
  out.images.push_back({.gbif_id = id_,
                        .host = host_of(first, out),
                        .from = static_cast<std::uint32_t>(out.text.size()),
                        .size = 0});
}

void batch_maker::add_image(std::vector<std::string_view> const& candidates, specimen_batch& out) {
  begin_image(candidates.front(), out);
  for (auto const url : candidates) {
    if (out.text.size() > out.images.back().from) out.text += '\n';
    out.text += url;
  }
  out.images.back().size = static_cast<std::uint32_t>(out.text.size() - out.images.back().from);
}

void batch_maker::close_specimen(specimen_batch& out) {
  if (ends_.empty()) return;
  out.last_gbif_id = id_;
  if (ends_.size() == 1) {
    add_image({urls_}, out);
  } else {
    std::vector<std::string_view> urls;
    std::size_t from = 0;
    for (auto const end : ends_) {
      urls.push_back(std::string_view{urls_}.substr(from, end - from));
      from = end;
    }
    for (auto const& one : photographs(urls, variants_)) {
      add_image(one.urls, out);
    }
  }
  urls_.clear();
  ends_.clear();
}

result<batch_maker::outcome> batch_maker::next(specimen_batch& out) {
  out = {};
  hosts_.clear();
  out.rows = std::exchange(behind_rows_, 0);
  listed_row row;
  for (;;) {
    auto const got = rows_.next(row);
    if (!got) return std::unexpected(got.error());
    bool const over = !*got;
    bool const pause = *got && row.gbif_id == 0;
    if (over || pause || row.gbif_id != id_ || ends_.empty()) {
      if (!over && !pause && (row.gbif_id < id_ || (ends_.empty() && row.gbif_id == id_))) {
        return outcome::unsorted;
      }
      close_specimen(out);
      bool const full = out.images.size() >= images_per_batch || out.text.size() >= largest_text;
      if (over || pause || full) {
        out.position = rows_.position();
        out.line = rows_.line();
        std::ranges::move(rows_.take_rejected(), std::back_inserter(out.rejected));
        if (over) return outcome::end;
        if (pause) return outcome::batch;
        id_ = row.gbif_id;
        urls_ = row.url;
        ends_ = {urls_.size()};
        behind_rows_ = 1;
        return outcome::batch;
      }
      id_ = row.gbif_id;
    }
    ++out.rows;
    hold(row.url, out);
  }
}

}  // namespace vinny
