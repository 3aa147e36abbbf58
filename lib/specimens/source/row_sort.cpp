// SPDX-License-Identifier: MIT
#include "specimens/source/row_sort.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <queue>

#include "core/file_handle.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::size_t write_buffer = 1UZ << 20;
constexpr std::size_t read_buffer = 256UZ * 1024;

std::filesystem::path run_path(std::filesystem::path const& folder, int number) {
  return folder / fmt::format("run-{:05}", number);
}

std::unexpected<failure> file_failure(std::filesystem::path const& file, int error) {
  return fail(from_errno(error), fmt::format("{}: {}", file.string(), std::strerror(error)));
}

/// A record is gbifID, length of the URL, URL: in the machine's own byte order, since a run never
/// leaves the machine.
struct record_head {
  std::int64_t gbif_id;
  std::uint32_t size;
};
constexpr std::size_t head_bytes = sizeof(std::int64_t) + sizeof(std::uint32_t);

class run_writer {
 public:
  explicit run_writer(std::filesystem::path file)
      : file_(std::move(file)),
        fd_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (!fd_) error_ = errno;
    buffer_.reserve(write_buffer + head_bytes);
  }
  void add(std::int64_t gbif_id, std::string_view url) {
    auto const size = static_cast<std::uint32_t>(url.size());
    buffer_.append(reinterpret_cast<char const*>(&gbif_id), sizeof gbif_id);
    buffer_.append(reinterpret_cast<char const*>(&size), sizeof size);
    buffer_.append(url);
    if (buffer_.size() >= write_buffer) flush();
  }
  result<> finish() {
    flush();
    if (error_ == 0 && ::fsync(fd_.get()) != 0) error_ = errno;
    if (error_ != 0) return file_failure(file_, error_);
    return {};
  }

 private:
  void flush() {
    std::string_view rest = buffer_;
    while (error_ == 0 && !rest.empty()) {
      auto const count = ::write(fd_.get(), rest.data(), rest.size());
      if (count < 0 && errno != EINTR) error_ = errno;
      if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer_.clear();
  }
  std::filesystem::path file_;
  file_handle fd_;
  int error_ = 0;
  std::string buffer_;
};

class run_reader {
 public:
  run_reader(std::unique_ptr<byte_source> source, std::filesystem::path file)
      : source_(std::move(source)), file_(std::move(file)), buffer_(read_buffer) {}

  std::int64_t gbif_id = 0;
  std::string_view url;

  /// False: the end.
  result<bool> next() {
    auto const whole_head = have(head_bytes);
    if (!whole_head || (!*whole_head && begin_ == end_)) return whole_head;
    record_head head{};
    if (*whole_head) {
      std::memcpy(&head.gbif_id, buffer_.data() + begin_, sizeof head.gbif_id);
      std::memcpy(&head.size, buffer_.data() + begin_ + sizeof head.gbif_id, sizeof head.size);
    }
    auto const whole = *whole_head && head.size <= read_buffer / 2 ? have(head_bytes + head.size)
                                                                   : result<bool>{false};
    if (!whole) return whole;
    if (!*whole) {
      return fail(errc::bad_archive, fmt::format("{}: a sorted run is damaged", file_.string()));
    }
    gbif_id = head.gbif_id;
    url = {buffer_.data() + begin_ + head_bytes, head.size};
    begin_ += head_bytes + head.size;
    return true;
  }

 private:
  result<bool> have(std::size_t bytes) {
    while (end_ - begin_ < bytes) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
      auto const got = source_->read({buffer_.data() + end_, buffer_.size() - end_});
      if (!got) return std::unexpected(got.error());
      if (*got == 0) return false;
      end_ += *got;
    }
    return true;
  }

  std::unique_ptr<byte_source> source_;
  std::filesystem::path file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class merged final : public listed_rows {
 public:
  merged(std::vector<std::unique_ptr<run_reader>> runs, std::int64_t after)
      : runs_(std::move(runs)), after_(after) {}

  result<bool> next(listed_row& out) override {
    if (!started_) {
      started_ = true;
      for (std::size_t i = 0; i < runs_.size(); ++i) {
        if (auto const more = advance(i); !more) return std::unexpected(more.error());
      }
    } else if (last_) {
      if (auto const more = advance(*last_); !more) return std::unexpected(more.error());
    }
    last_.reset();
    if (heads_.empty()) return false;
    auto const [id, run] = heads_.top();
    heads_.pop();
    last_ = run;
    out = {.gbif_id = id, .url = runs_[run]->url};
    return true;
  }
  // A merge is gone on with behind a gbifID, not at a place.
  std::int64_t position() const noexcept override { return 0; }
  std::int64_t line() const noexcept override { return 0; }

 private:
  result<> advance(std::size_t run) {
    do {
      auto const more = runs_[run]->next();
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
    } while (runs_[run]->gbif_id <= after_);
    heads_.emplace(runs_[run]->gbif_id, run);
    return {};
  }

  using head = std::pair<std::int64_t, std::size_t>;  // of equal ids, the earlier run first
  std::vector<std::unique_ptr<run_reader>> runs_;
  std::priority_queue<head, std::vector<head>, std::greater<>> heads_;
  std::optional<std::size_t> last_;
  std::int64_t after_;
  bool started_ = false;
};

}  // namespace

void row_sorter::add(listed_row const& row) {
  entries_.push_back({.gbif_id = row.gbif_id,
                      .from = static_cast<std::uint32_t>(text_.size()),
                      .size = static_cast<std::uint32_t>(row.url.size())});
  text_ += row.url;
}

result<> row_sorter::write_run() {
  if (entries_.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return file_failure(folder_, error.value());
  // The place in the text is the order of arrival.
  std::ranges::sort(entries_, {}, [](entry const& e) { return std::pair{e.gbif_id, e.from}; });
  run_writer out{run_path(folder_, runs_)};
  for (auto const& one : entries_) {
    out.add(one.gbif_id, std::string_view{text_}.substr(one.from, one.size));
  }
  if (auto const done = out.finish(); !done) return done;
  file_handle const folder{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder || ::fsync(folder.get()) != 0) return file_failure(folder_, errno);
  ++runs_;
  text_.clear();
  entries_.clear();
  return {};
}

result<std::unique_ptr<listed_rows>> merge_runs(std::filesystem::path const& folder, int runs,
                                                std::int64_t after) {
  std::vector<std::unique_ptr<run_reader>> readers;
  for (int i = 0; i < runs; ++i) {
    auto source = open_plain(run_path(folder, i));
    if (!source) return std::unexpected(source.error());
    readers.push_back(std::make_unique<run_reader>(std::move(*source), run_path(folder, i)));
  }
  return std::make_unique<merged>(std::move(readers), after);
}

void remove_runs(std::filesystem::path const& folder) {
  std::error_code ignored;
  for (std::filesystem::directory_iterator at{folder, ignored}, end; !ignored && at != end;
       at.increment(ignored)) {
    std::error_code each;
    if (at->path().filename().string().starts_with("run-")) {
      std::filesystem::remove(at->path(), each);
    }
  }
  std::filesystem::remove(folder, ignored);
}

}  // namespace vinny
