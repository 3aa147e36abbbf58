// SPDX-License-Identifier: MIT
#include "blob/byte_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::size_t block = 256 * 1024;

class plain final : public byte_source {
 public:
  plain(int fd, std::filesystem::path file, std::int64_t size)
      : fd_(fd), file_(std::move(file)), size_(size) {}
  plain(plain const&) = delete;
  plain& operator=(plain const&) = delete;
  ~plain() override { ::close(fd_); }

  result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      auto const count = ::read(fd_, into.data(), into.size());
      if (count >= 0) {
        consumed_ += count;
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR) {
        return fail(from_errno(errno), fmt::format("{}: {}", file_.string(), std::strerror(errno)));
      }
    }
  }
  result<> skip(std::int64_t bytes) override {
    if (::lseek(fd_, bytes, SEEK_CUR) < 0) return byte_source::skip(bytes);
    consumed_ += bytes;
    return {};
  }
  std::int64_t consumed() const noexcept override { return consumed_; }
  std::int64_t size() const noexcept override { return size_; }

 private:
  int fd_;
  std::filesystem::path file_;
  std::int64_t size_;
  std::int64_t consumed_ = 0;
};

class gzip final : public byte_source {
 public:
  gzip(std::unique_ptr<byte_source> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), buffer_(block) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    ready_ = ::inflateInit2(&stream_, gzip_only) == Z_OK;
  }
  gzip(gzip const&) = delete;
  gzip& operator=(gzip const&) = delete;
  ~gzip() override { ::inflateEnd(&stream_); }

  result<std::size_t> read(std::span<char> into) override {
    if (!ready_) return fail(errc::internal, "zlib cannot start");
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out == into.size()) {
      if (stream_.avail_in == 0) {
        auto const got = packed_->read(buffer_);
        if (!got) return got;
        if (*got == 0) {
          if (inside_) return damaged("it ends in the middle");
          return 0;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(*got);
      }
      if (!inside_) {
        // Behind a member comes another one, or padding of zeros.
        while (stream_.avail_in > 0 && *stream_.next_in == 0) {
          ++stream_.next_in;
          --stream_.avail_in;
        }
        if (stream_.avail_in == 0) continue;
        if (::inflateReset(&stream_) != Z_OK) return fail(errc::internal, "zlib cannot go on");
        inside_ = true;
      }
      int const code = ::inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        inside_ = false;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return damaged(stream_.msg != nullptr ? stream_.msg : "it cannot be unpacked");
      }
    }
    return into.size() - stream_.avail_out;
  }
  std::int64_t consumed() const noexcept override { return packed_->consumed(); }
  std::int64_t size() const noexcept override { return packed_->size(); }

 private:
  [[nodiscard]] std::unexpected<failure> damaged(std::string_view why) const {
    return fail(errc::bad_archive,
                fmt::format("{}: the gzip file is damaged: {}; fetch it again", name_, why));
  }

  std::unique_ptr<byte_source> packed_;
  std::string name_;
  std::vector<char> buffer_;
  z_stream stream_{};
  bool ready_ = false;
  bool inside_ = true;  // a member; an empty file is none
};

}  // namespace

result<> byte_source::skip(std::int64_t bytes) {
  std::vector<char> buffer(block);
  while (bytes > 0) {
    auto const step = std::min<std::int64_t>(bytes, static_cast<std::int64_t>(buffer.size()));
    auto const got = read({buffer.data(), static_cast<std::size_t>(step)});
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return fail(errc::bad_archive, "the list is shorter than it was");
    bytes -= static_cast<std::int64_t>(*got);
  }
  return {};
}

result<std::unique_ptr<byte_source>> open_plain(std::filesystem::path const& file) {
  int const fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    auto const code = errno == ENOENT || errno == ENOTDIR ? errc::not_found : from_errno(errno);
    return fail(code, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  }
  struct stat info{};
  if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    ::close(fd);
    return fail(errc::not_found, fmt::format("{}: a directory, not a file", file.string()));
  }
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<plain>(fd, file, S_ISREG(info.st_mode) ? info.st_size : 0);
}

result<std::unique_ptr<byte_source>> open_gzip(std::filesystem::path const& file) {
  auto packed = open_plain(file);
  if (!packed) return packed;
  return std::make_unique<gzip>(std::move(*packed), file.string());
}

result<std::string> read_all(byte_source& source, std::size_t most) {
  std::string out;
  std::vector<char> buffer(block);
  for (;;) {
    auto const got = source.read(buffer);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return out;
    if (out.size() + *got > most) {
      return fail(errc::bad_archive, fmt::format("more than {} bytes where few belong", most));
    }
    out.append(buffer.data(), *got);
  }
}

}  // namespace vinny
