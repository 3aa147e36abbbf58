// SPDX-License-Identifier: MIT
// Thumbnails as the decoder makes them: bench_thumbnails OUT WIDTH[,WIDTH…] FILE… on one thread.
// Writes OUT/<stem>_<width>.jpg.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/process_limits.hpp"
#include "core/text.hpp"
#include "image/image.hpp"

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  vinny::set_process_limits();
  vinny::keep_large_buffers();
  std::filesystem::path const out{argv[1]};
  std::vector<vinny::rendition_spec> specs;
  for (auto const width : vinny::split(argv[2], ',')) {
    specs.push_back({.label = std::string{width},
                     .box_width = static_cast<std::uint32_t>(std::stoul(std::string{width}))});
  }
  for (int i = 3; i < argc; ++i) {
    std::ifstream from{argv[i], std::ios::binary};
    std::string bytes(std::filesystem::file_size(argv[i]), '\0');
    from.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    auto const info = vinny::inspect(bytes, {.max_bytes = 1 << 30});
    auto const made =
        info ? vinny::render(bytes, *info, {.apply_orientation = false, .quality = 82}, specs)
             : std::unexpected(info.error());
    if (!made) {
      fmt::print(stderr, "{}: {}\n", argv[i], made.error().message);
      return 1;
    }
    for (auto const& one : *made) {
      auto const name = std::filesystem::path{argv[i]}.stem().string();
      std::ofstream to{out / fmt::format("{}_{}.jpg", name, one.label), std::ios::binary};
      to.write(one.bytes.data(), static_cast<std::streamsize>(one.bytes.size()));
    }
  }
  return 0;
}
