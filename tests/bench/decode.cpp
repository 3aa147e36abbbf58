// SPDX-License-Identifier: MIT
// What decoding alone allows: bench_decode FOLDER reads, inspects and verifies every file below it
// on all cores, as the download does with verify = "decode", and keeps nothing.
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "image/image.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::vector<std::filesystem::path> files;
  for (auto const& one : std::filesystem::recursive_directory_iterator{argv[1]}) {
    if (one.is_regular_file()) files.push_back(one.path());
  }
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> good = 0;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) {
    threads.emplace_back([&] {
      for (auto n = next++; n < files.size(); n = next++) {
        std::ifstream from{files[n], std::ios::binary};
        std::string bytes(std::filesystem::file_size(files[n]), '\0');
        from.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        auto const info = vinny::inspect(bytes, {});
        if (info && vinny::verify(bytes, *info)) ++good;
      }
    });
  }
  threads.clear();
  fmt::print("{} of {} files are whole\n", good.load(), files.size());
  return good == files.size() ? 0 : 1;
}
