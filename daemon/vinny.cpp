// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>

#include "command/command.hpp"
#include "core/process_limits.hpp"
#include "core/standard_streams.hpp"
#include "decoder/decode_images.hpp"
#include "observe/log.hpp"

int main(int argc, char** argv) {
  vinny::secure_standard_streams();
  if (argc == 2 && argv[1] == vinny::decoder_argument) return vinny::decode_images();
  vinny::set_process_limits();
  // A run in this process shows progress and a report; its log tells only what went wrong.
  vinny::set_up_log({.level = vinny::log_level::error});
  auto const arguments = vinny::parse_arguments(argc, argv);
  if (!arguments) return arguments.error();
  try {
    return vinny::run_command(*arguments);
  } catch (std::exception const& error) {
    std::fprintf(stderr, "vinny: %s\n", error.what());
    return vinny::exit_code::failed;
  }
}
