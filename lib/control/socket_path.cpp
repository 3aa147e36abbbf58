// SPDX-License-Identifier: MIT
#include "control/socket_path.hpp"

#include <cstdlib>

namespace vinny {
namespace {

constexpr char const* packaged_runtime_directory = "/run/vinnyd";

}  // namespace

std::filesystem::path socket_path(config const& settings) {
  if (settings.control.socket.is_absolute()) return settings.control.socket;
  char const* const runtime = std::getenv("RUNTIME_DIRECTORY");
  return (runtime != nullptr ? std::filesystem::path{runtime} : settings.data_dir) /
         settings.control.socket;
}

std::vector<std::filesystem::path> socket_candidates(config const& settings) {
  std::vector<std::filesystem::path> out{socket_path(settings)};
  if (!settings.control.socket.is_absolute()) {
    out.push_back(std::filesystem::path{packaged_runtime_directory} / settings.control.socket);
  }
  return out;
}

}  // namespace vinny
