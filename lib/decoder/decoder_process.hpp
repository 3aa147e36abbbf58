// SPDX-License-Identifier: MIT
//
// One image decoder, started and spoken to. Lives on the loop.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include <sys/types.h>
#include <memory>

#include "decoder/frame.hpp"
#include "task/task.hpp"

namespace vinny {

class decoder_process {
 public:
  /// Starts this program's own file with decoder_argument, without any environment, and waits until
  /// it is confined. Fails with internal when it is not.
  [[nodiscard]] static task<result<std::unique_ptr<decoder_process>>> start(deadline limit);
  decoder_process(decoder_process const&) = delete;
  decoder_process& operator=(decoder_process const&) = delete;
  /// Ends the process.
  ~decoder_process();

  /// What the decoder answers; nothing: it died, did not answer in time, or answered nonsense, and
  /// this is of no more use. Also after an exception.
  [[nodiscard]] task<std::optional<result<rendered_image>>> carry_out(render_order const& order,
                                                                      std::string const& bytes,
                                                                      deadline limit);

 private:
  using stream = boost::beast::basic_stream<asio::local::stream_protocol>;
  decoder_process(pid_t pid, stream channel) : pid_(pid), channel_(std::move(channel)) {}
  [[nodiscard]] task<bool> read(std::string& into);

  pid_t pid_;
  stream channel_;
};

}  // namespace vinny
