// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_shelf.hpp"

#include <utility>

#include "task/offload.hpp"

namespace vinny {
namespace {

/// Publishes the drafts that there are; what happened to each file.
std::vector<result<>> publish(file_root const& files,
                              std::vector<std::optional<file_draft>>& drafts) {
  std::vector<result<>> out(drafts.size());
  std::vector<file_draft> moved;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!drafts[i]) continue;
    moved.push_back(std::move(*drafts[i]));
    places.push_back(i);
  }
  auto published = files.publish(moved);
  for (std::size_t i = 0; i < places.size(); ++i) out[places[i]] = std::move(published[i]);
  return out;
}

}  // namespace

task<result<bool>> specimen_shelf::put(specimen_success done, std::optional<file_draft> draft) {
  auto const mine = filling_;
  auto const place = mine->images.size();
  mine->images.push_back(std::move(done));
  mine->drafts.push_back(std::move(draft));
  filled_.notify_one();
  while (!mine->ended) co_await mine->end.wait();
  co_return std::move(mine->outcomes[place]);
}

task<> specimen_shelf::serve() {
  for (;;) {
    while (filling_->images.empty()) co_await filled_.wait();
    co_await keep(std::exchange(filling_, std::make_shared<group>()));
  }
}

task<> specimen_shelf::keep(std::shared_ptr<group> which) {
  auto const files = co_await offload(disk_, [files = context_.files, which] {
    return std::make_shared<std::vector<result<>>>(publish(files, which->drafts));
  });
  // Only of what is on disk may a row say so.
  auto const recorded = co_await context_.facts.write(
      [which, files, at = to_ms(now())](database& db) -> result<std::vector<bool>> {
        std::vector<specimen_success> there;
        for (std::size_t i = 0; i < files->size(); ++i) {
          if ((*files)[i]) there.push_back(which->images[i]);
        }
        return specimens_done(db, there, at);
      });
  std::size_t next = 0;
  for (auto& file : *files) {
    if (!file) {
      which->outcomes.emplace_back(std::unexpected(std::move(file.error())));
    } else if (!recorded) {
      which->outcomes.emplace_back(std::unexpected(recorded.error()));
    } else {
      which->outcomes.emplace_back((*recorded)[next++]);
    }
  }
  which->ended = true;
  which->end.notify_all();
}

}  // namespace vinny
