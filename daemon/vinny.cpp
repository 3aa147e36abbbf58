// SPDX-License-Identifier: MIT
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

#include "command/command.hpp"
#include "core/process_limits.hpp"
#include "core/standard_streams.hpp"
#include "decoder/decode_images.hpp"
#include "observe/log.hpp"
#include "policy/exception_text.hpp"

int main(int argc, char** argv) {
  vinny::secure_standard_streams();
  if (argc == 2 && argv[1] == vinny::decoder_argument) return vinny::decode_images();
  vinny::set_process_limits();
  // A run in this process shows progress and a report; its log tells only what went wrong.
  vinny::set_up_log({.level = vinny::log_level::error});
  auto const chosen = vinny::parse_arguments(argc, argv);
  if (!chosen) return chosen.error();
  try {
    auto const code = vinny::run_command(*chosen);
    // What was not written was not said: a script must not take half a document for all of it.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    std::fprintf(stderr, "vinny: the output could not be written: %s\n", std::strerror(errno));
    return code == vinny::exit_code::done ? vinny::exit_code::failed : code;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "vinny: %s\n", vinny::text_of(error).c_str());
    return vinny::exit_code::failed;
  }
}
