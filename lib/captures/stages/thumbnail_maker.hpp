// SPDX-License-Identifier: MIT
//
// Makes thumbnails when they are asked for: each once, however many ask at the same moment, in this
// process and in others on the same catalog. Lives on the loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "captures/model/capture_settings.hpp"
#include "captures/model/thumbnail.hpp"
#include "captures/tables/thumbnails.hpp"
#include "decoder/decoder_pool.hpp"
#include "run/engine.hpp"
#include "task/task_group.hpp"

namespace vinny {

class thumbnail_maker {
 public:
  thumbnail_maker(engine& work, asio::any_io_executor const& loop);

  /// The key of a valid thumbnail, made when there is none. Errors: not_found (no such capture),
  /// overloaded, total_timeout, what fetch_capture() and decoder_pool::render() fail with, those of
  /// the store and of the catalog.
  [[nodiscard]] task<result<std::string>> get(std::int64_t capture, thumbnail_size size);

  /// Ends what is under way.
  [[nodiscard]] task<> stop();

 private:
  using name = std::pair<std::int64_t, std::string>;
  struct flight {
    std::optional<result<std::string>> outcome{};
    condition landed{};
  };
  [[nodiscard]] task<> make_once(name what, thumbnail_size size, std::shared_ptr<flight> one);
  [[nodiscard]] task<result<std::string>> make(std::int64_t capture, thumbnail_size size);
  [[nodiscard]] task<result<thumbnail_start>> begin(std::int64_t capture,
                                                    thumbnail_size const& size, deadline limit);
  [[nodiscard]] task<result<thumbnail>> draw(thumbnail_lease const& lease, thumbnail_size size,
                                             deadline limit);
  [[nodiscard]] task<> renew(thumbnail_lease const& lease);

  engine& work_;
  decoder_pool decoders_;
  semaphore places_;
  std::map<name, std::shared_ptr<flight>> flights_;
  int waiting_ = 0;  // in get()
  task_group tasks_;
};

}  // namespace vinny
