// SPDX-License-Identifier: MIT
//
// Images from outside are decoded in processes of their own, so that a bomb or a decoder's defect
// costs one of those and nothing else. Lives on the loop.
#pragma once

#include <memory>
#include <vector>

#include "decoder/decoder_process.hpp"
#include "task/semaphore.hpp"

namespace vinny {

class decoder_pool {
 public:
  /// So many at once; they are started when they are needed.
  explicit decoder_pool(int processes) : free_(processes) {}

  /// Errors: those of inspect() and render(); image_bomb when the decoder died of the image or took
  /// longer than most_time; total_timeout when no decoder was free by the deadline; internal when
  /// none can be started.
  [[nodiscard]] task<result<rendered_image>> render(render_order order, std::string bytes,
                                                    deadline limit);

  static constexpr std::chrono::seconds most_time{20};

 private:
  struct taken {
    std::unique_ptr<decoder_process> decoder;
    bool fresh = false;
  };
  [[nodiscard]] task<result<taken>> take();

  semaphore free_;
  std::vector<std::unique_ptr<decoder_process>> idle_;
};

}  // namespace vinny
