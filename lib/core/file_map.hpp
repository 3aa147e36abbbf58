// SPDX-License-Identifier: MIT
//
// A file's bytes without a copy of them: pages that the kernel may drop and read again. Only for
// files that nobody else can shorten meanwhile.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace vinny {

class file_map {
 public:
  file_map() noexcept = default;
  /// Of the first `size` bytes; nothing is mapped when the kernel refuses or there are none.
  file_map(int fd, std::size_t size) noexcept {
    auto* const at = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (at == MAP_FAILED) return;
    at_ = at;
    size_ = size;
  }
  file_map(file_map&& other) noexcept
      : at_(std::exchange(other.at_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  file_map& operator=(file_map&& other) noexcept {
    std::swap(at_, other.at_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~file_map() {
    if (at_ != nullptr) ::munmap(at_, size_);
  }
  [[nodiscard]] explicit operator bool() const noexcept { return at_ != nullptr; }
  [[nodiscard]] std::string_view bytes() const noexcept {
    return {static_cast<char const*>(at_), size_};
  }

 private:
  void* at_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace vinny
